"""The page where the text of a file is checked says how it was mended; the form lists the endings that are taken."""

from __future__ import annotations

from flask import Flask

from tests.nominations.test_nomination_pages import begun
from tests.rig import awards, cast, handed_in
from tests.rig.clients import signed_in_client

from .test_extracted_text import PARAGRAPHS, PRINTED, printed
from .test_materials import bring, deeds_in, use


def test_the_page_says_what_was_mended_and_the_form_gets_it(sqlite_app: Flask) -> None:
    since = cast.lately()
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), now=since)
    contact = signed_in_client(sqlite_app, "B2")
    draft = begun(contact, contest)

    sent = bring(contact, draft, printed(PRINTED.replace("青", "⻘")), "事迹.pdf")
    page = contact.get(sent.headers["Location"])
    english = contact.get(sent.headers["Location"], headers={"Accept-Language": "en"})
    use(contact, sent.headers["Location"])

    assert "这份文字整理过：接起了 3 处断行" in page.text
    assert "把 2 个部首换成了同形的汉字（如 ⾼ 换成 高）" in page.text
    assert "3 broken lines were joined into paragraphs; 2 radicals were replaced" in english.text
    assert deeds_in(contact, draft).split() == "\n".join(PARAGRAPHS).split()


def test_a_document_of_word_s_own_paragraphs_says_nothing_of_it(sqlite_app: Flask) -> None:
    since = cast.lately()
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), now=since)
    contact = signed_in_client(sqlite_app, "B2")
    draft = begun(contact, contest)

    sent = bring(contact, draft, handed_in.document("她一直守在柜台。"), "事迹.docx")

    assert "整理过" not in contact.get(sent.headers["Location"]).text
    assert ".docx,.pdf,.jpg,.jpeg,.jpe,.jfif,.pjpeg,.png" in contact.get(f"{draft}/files").text
