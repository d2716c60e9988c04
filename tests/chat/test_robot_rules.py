"""Messages to group robots: payloads, signatures, limits in bytes, answers, pace; which addresses are called."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from eventreg.chat.rules import ChatService, RobotTarget, after_message, calm, places_word, target
from eventreg.core.errors import Refused
from eventreg.delivery.chat.connection import is_outside
from eventreg.delivery.chat.rules import (
    PAYLOADS,
    NewsItem,
    cut,
    dingtalk_sign,
    encoded,
    feishu_sign,
    request,
    safe,
    verdict,
)
from eventreg.outbox.rules import SendOutcome

NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)  # 1700000000
ITEM = NewsItem(
    "“徒步游”的日程有变", ("时间  3月4日(周四) 09:00",), ("查看活动", "https://e.example.cn/campaigns/x")
)
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=a"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/a"


def test_signatures_are_those_of_the_vectors() -> None:
    ding = dingtalk_sign("SECexample", 1_700_000_000_000)

    assert ding == "uroalHrWHORz59talE1o26b8HuX2kOp8WlAN91F9Pj0%3D"
    assert feishu_sign("example-secret", 1_700_000_000) == "Gs3YRutIJpVN2FvEXKXHU6bEj2pVdSriQ0niig9EbUk="


def test_each_service_gets_its_own_form() -> None:
    wecom = request(ChatService.WECOM, WECOM, "", ITEM.title, [ITEM], now=NOW)
    ding = request(ChatService.DINGTALK, DINGTALK, "SECexample", ITEM.title, [ITEM], now=NOW)
    feishu = request(ChatService.FEISHU, FEISHU, "example-secret", ITEM.title, [ITEM], now=NOW)
    text = f"**{ITEM.title}**\n\n{ITEM.lines[0]}\n\n[查看活动](https://e.example.cn/campaigns/x)"

    assert wecom.path == "/cgi-bin/webhook/send?key=a"
    assert json.loads(wecom.body) == {"msgtype": "markdown", "markdown": {"content": text}}
    assert ding.path == (
        "/robot/send?access_token=a&timestamp=1700000000000&sign=uroalHrWHORz59talE1o26b8HuX2kOp8WlAN91F9Pj0%3D"
    )
    assert json.loads(ding.body) == {"msgtype": "markdown", "markdown": {"title": ITEM.title, "text": text}}
    assert feishu.path == "/open-apis/bot/v2/hook/a"
    assert json.loads(feishu.body) == {
        "timestamp": "1700000000",
        "sign": "Gs3YRutIJpVN2FvEXKXHU6bEj2pVdSriQ0niig9EbUk=",
        "msg_type": "text",
        "content": {"text": f"{ITEM.title}\n{ITEM.lines[0]}\n查看活动 https://e.example.cn/campaigns/x"},
    }


@pytest.mark.parametrize("service", ChatService)
def test_an_address_is_sent_to_as_it_was_pasted(service: ChatService) -> None:
    odd = f"https://x.example.cn/A%2fb//c?k=%E4%B8&k=&z=1+2&{service}"

    assert request(service, odd, "", "t", [ITEM], now=NOW).path == odd.removeprefix("https://x.example.cn")


@pytest.mark.parametrize("most", [3, 4, 5, 6, 7, 10])
def test_a_text_is_cut_between_characters(most: int) -> None:
    shown = cut("三八节🪁", most)

    assert len(shown.encode()) <= most
    assert shown.endswith("…")
    assert "\ufffd" not in shown
    assert cut("三八节", 9) == "三八节"


@pytest.mark.parametrize("text", ["汉" * 9_000, '"\n' * 9_000, "\U0001fa81" * 6_000, "a" * 30_000])
def test_no_message_is_longer_than_its_service_takes(text: str) -> None:
    items = [NewsItem("题", (text,), None)] * 2
    made = {service: PAYLOADS[service]("两条", items) for service in ChatService}

    assert len(made[ChatService.WECOM]["markdown"]["content"].encode()) <= 4_096
    assert 19_000 < len(encoded(made[ChatService.DINGTALK])) <= 20_000
    assert 19_000 < len(encoded(made[ChatService.FEISHU])) <= 20_000


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("联系王芳 13800138000", "联系王芳 …"),
        ("电话 +86 138-0013-8000", "电话 …"),
        ("０1380013800", "…"),
        ("座机 0571-88776655", "座机 …"),
        ("2027年3月4日 09:00，余 12 / 30", "2027年3月4日 09:00，余 12 / 30"),
        ("[点我](http://x.cn) <@all> *b*\n@所有人", "［点我］(http://x.cn) ＜＠all＞ ＊b＊ ＠所有人"),
    ],
)
def test_a_text_holds_no_telephone_and_no_mark_up(typed: str, said: str) -> None:
    assert safe(typed) == said


@pytest.mark.parametrize(
    ("service", "status", "body", "outcome", "trouble", "minutes"),
    [
        (ChatService.WECOM, 200, '{"errcode":0,"errmsg":"ok"}', SendOutcome.ACCEPTED, "", 0),
        (ChatService.WECOM, 200, '{"errcode":40058}', SendOutcome.REFUSED, "robot:40058", 0),
        (ChatService.WECOM, 200, '{"errcode":-1}', SendOutcome.LATER, "robot:-1", 1),
        (ChatService.DINGTALK, 200, '{"errcode":130101}', SendOutcome.LATER, "robot:130101", 10),
        (ChatService.DINGTALK, 200, '{"errcode":0}', SendOutcome.ACCEPTED, "", 0),
        (ChatService.FEISHU, 200, '{"code":0}', SendOutcome.ACCEPTED, "", 0),
        (ChatService.FEISHU, 200, '{"errcode":0}', SendOutcome.LATER, "robot:odd", 0),
        (ChatService.FEISHU, 400, '{"code":19021}', SendOutcome.REFUSED, "robot:19021", 0),
        (ChatService.FEISHU, 200, '{"code":11232}', SendOutcome.LATER, "robot:11232", 1),
        (ChatService.FEISHU, 200, '{"code":77}', SendOutcome.REFUSED, "robot:77", 0),
        (ChatService.WECOM, 200, "<html>log in</html>", SendOutcome.LATER, "robot:odd", 0),
        (ChatService.WECOM, 200, '{"errcode":false}', SendOutcome.LATER, "robot:odd", 0),
        (ChatService.WECOM, 200, "[]", SendOutcome.LATER, "robot:odd", 0),
        (ChatService.WECOM, 200, "[" * 10_000, SendOutcome.LATER, "robot:odd", 0),
        (ChatService.WECOM, 302, "", SendOutcome.REFUSED, "robot:redirect", 0),
        (ChatService.WECOM, 502, '{"errcode":0}', SendOutcome.LATER, "robot:http 502", 1),
        (ChatService.WECOM, 404, "", SendOutcome.REFUSED, "robot:http 404", 0),
    ],
)
def test_success_is_read_from_the_body(
    service: ChatService, status: int, body: str, outcome: SendOutcome, trouble: str, minutes: int
) -> None:
    found = verdict(service, status, body.encode())

    assert (found.outcome, found.trouble, found.wait) == (outcome, trouble, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("address", "service", "code"),
    [
        (
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
            ChatService.WECOM,
            "group_robot.address_form",
        ),
        ("https://qyapi.weixin.qq.com", ChatService.WECOM, "group_robot.address_form"),
        (
            "https://user:pass@qyapi.weixin.qq.com/cgi-bin/webhook/send",
            ChatService.WECOM,
            "group_robot.address_form",
        ),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook#x", ChatService.WECOM, "group_robot.address_form"),
        ("https://qyapi.weixin.qq.com/cgi-bin/web hook", ChatService.WECOM, "group_robot.address_form"),
        ("https://qyapi.weixin.qq.com:x/cgi-bin/webhook", ChatService.WECOM, "group_robot.address_form"),
        ("https://qyapi.weixin.qq.com\\@127.0.0.1/cgi-bin", ChatService.WECOM, "group_robot.address_form"),
        ("https://[::1/cgi-bin/webhook", ChatService.WECOM, "group_robot.address_form"),
        ("https://qyapi.weixin.qq.com:8443/cgi-bin/webhook", ChatService.WECOM, "group_robot.host_unknown"),
        (
            "https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook",
            ChatService.WECOM,
            "group_robot.host_unknown",
        ),
        ("https://2130706433/cgi-bin/webhook", ChatService.WECOM, "group_robot.host_unknown"),
        ("https://169.254.169.254/latest/meta-data", ChatService.WECOM, "group_robot.host_unknown"),
        (WECOM, ChatService.FEISHU, "group_robot.other_service"),
    ],
)
def test_no_other_address_is_called(address: str, service: ChatService, code: str) -> None:
    with pytest.raises(Refused) as said:
        target(address, service, listed=())

    assert said.value.code == code


def test_the_three_hosts_and_listed_ones_are_called() -> None:
    listed = ("hook.example.cn", "relay.example.cn:8443")
    found = [
        target(WECOM, ChatService.WECOM, listed=()),
        target(DINGTALK.replace("oapi", "OAPI"), ChatService.DINGTALK, listed=()),
        target(FEISHU, ChatService.FEISHU, listed=()),
        target("https://hook.example.cn/webhook", ChatService.FEISHU, listed=listed),
        target("https://relay.example.cn:8443/webhook", ChatService.WECOM, listed=listed),
    ]

    assert [(t.host, t.port) for t in found] == [
        ("qyapi.weixin.qq.com", 443),
        ("oapi.dingtalk.com", 443),
        ("open.feishu.cn", 443),
        ("hook.example.cn", 443),
        ("relay.example.cn", 8443),
    ]
    assert found[0] == RobotTarget("qyapi.weixin.qq.com", 443)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_our_own_network_is_not_outside(address: str, outside: bool) -> None:
    assert is_outside(address) is outside


@pytest.mark.parametrize(
    ("clock", "calmer"),
    [
        ("08:59:45", "08:59:45"),
        ("08:59:55", "09:01:00"),
        ("09:00:00", "09:01:00"),
        ("09:00:59", "09:01:00"),
        ("09:01:00", "09:01:00"),
        ("09:29:51", "09:31:00"),
        ("09:30:30", "09:31:00"),
        ("23:59:59", "00:01:00"),
    ],
)
def test_feishu_is_left_alone_around_each_half_hour(clock: str, calmer: str) -> None:
    at = datetime.combine(NOW.date(), time.fromisoformat(clock), UTC)

    assert f"{calm(ChatService.FEISHU, at):%H:%M:%S}" == calmer
    assert calm(ChatService.WECOM, at) == at


@pytest.mark.parametrize(
    ("service", "most"), [(ChatService.WECOM, 20), (ChatService.DINGTALK, 20), (ChatService.FEISHU, 100)]
)
def test_no_minute_sees_more_messages_than_a_service_takes(service: ChatService, most: int) -> None:
    sent = [NOW]
    while len(sent) < 3 * most:
        sent.append(after_message(service, sent[-1]))
    in_a_minute = max(sum(0 <= (b - a).total_seconds() < 60 for b in sent) for a in sent)
    in_a_second = max(sum(0 <= (b - a).total_seconds() < 1 for b in sent) for a in sent)

    assert in_a_minute <= most
    assert in_a_second <= 5


@pytest.mark.parametrize(
    ("free", "told", "word"),
    [
        (30, None, None),
        (5, None, "few"),
        (0, None, "full"),
        (3, "few", None),
        (0, "few", "full"),
        (0, "full", None),
        (2, "full", "open"),
        (9, "full", "open"),
        (9, "few", None),
        (9, "open", None),
        (4, "open", "few"),
        (None, "few", None),
    ],
)
def test_a_group_hears_of_places_when_that_changes(
    free: int | None, told: str | None, word: str | None
) -> None:
    assert places_word(free, told) == word
