"""Send an organiser's message, and inform group chats of it in the same unit of work."""

from __future__ import annotations

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.audiences import People
from eventreg.campaigns.wording import LetterWords
from eventreg.chat import news
from eventreg.chat.rules import NewsKind
from eventreg.core.actor import Actor
from eventreg.nominations.audiences import WRITTEN_TO
from eventreg.registrations import messages
from eventreg.registrations.message_rules import OF_AN_AWARD, MessageAudience, MessageReach


def reach(campaign_id: int, to: MessageAudience) -> MessageReach:
    """The number of people in an audience now, and how many of them have no mail address."""
    return messages.reach(campaign_id, to, others=_others(campaign_id, to))


def send(
    campaign_id: int, to: MessageAudience, words: LetterWords, *, confirmed: int, actor: Actor, key: str
) -> MessageReach:
    """Post a message to everybody in an audience. Raises what `messages.send` does.

    Group chats learn of what is written to people who signed up; what is written to the people of an award is theirs.
    """
    others = _others(campaign_id, to)
    found = messages.send(campaign_id, to, words, confirmed=confirmed, actor=actor, key=key, others=others)
    if others is None:
        latest = messages.list_sent(campaign_id)[0]
        facts = {"message": latest.id, "people": latest.reach.people}
        campaign = campaigns.campaign_by_id(campaign_id)
        news.tell(NewsKind.MESSAGE, campaign, str(latest.id), facts=facts, now=actor.now)
    return found


def _others(campaign_id: int, to: MessageAudience) -> People | None:
    if to.to not in OF_AN_AWARD:
        return None
    return WRITTEN_TO[str(to.to)](campaigns.campaign_by_id(campaign_id))
