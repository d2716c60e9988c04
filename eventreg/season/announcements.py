"""Send an organiser's message, and inform group chats of it in the same unit of work."""

from __future__ import annotations

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.wording import LetterWords
from eventreg.chat import news
from eventreg.chat.rules import NewsKind
from eventreg.core.actor import Actor
from eventreg.registrations import messages
from eventreg.registrations.message_rules import MessageAudience, MessageReach


def send(
    campaign_id: int, to: MessageAudience, words: LetterWords, *, confirmed: int, actor: Actor, key: str
) -> MessageReach:
    """Post a message to everybody in an audience. Raises what `messages.send` does."""
    found = messages.send(campaign_id, to, words, confirmed=confirmed, actor=actor, key=key)
    latest = messages.list_sent(campaign_id)[0]
    facts = {"message": latest.id, "people": latest.reach.people}
    campaign = campaigns.campaign_by_id(campaign_id)
    news.tell(NewsKind.MESSAGE, campaign, str(latest.id), facts=facts, now=actor.now)
    return found
