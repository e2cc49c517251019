"""Remember what was answered, so that the same question finds its answer again."""

from datetime import datetime

from django.db import connection

from pluralis.core.questions import terms_of
from pluralis.inbox.models import EVERY_QUESTION, AnsweredQuestion, Message, Reply
from pluralis.publishing.models import Part
from pluralis.teams.ids import new_id

FEWEST_TERMS = 2
"""What is about fewer things than this ("ok thanks") is no question worth finding."""
NOT_ASKED = ("abuse", "spam")

# In the order of the terms, so that two answers that count the same terms never wait for each other in a circle.
_COUNT = """
  INSERT INTO inbox_termcount (team_id, term, count)
  SELECT %s, term, 1 FROM unnest(%s::text[]) AS term ORDER BY term
  ON CONFLICT (team_id, term) DO UPDATE SET count = inbox_termcount.count + 1
"""


def remember_answer(*, part: Part, now: datetime) -> None:
    """Hear that a part stands on the network: if it answers a question, remember the two. At most four queries."""
    reply = Reply.objects.filter(part=part).select_related("message__conversation").first()
    answer = Message.objects.filter(part=part).first()
    if reply is None or answer is None:
        return
    question = reply.message
    terms = terms_of(question.text)
    if len(terms) < FEWEST_TERMS or question.conversation.label in NOT_ASKED:
        return
    _kept, new = AnsweredQuestion.objects.get_or_create(
        question=question,
        defaults={
            "id": new_id(),
            "team_id": part.team_id,
            "account_id": question.account_id,
            "answer": answer,
            "language": question.language,
            "private": reply.kind == "private" or question.conversation.private,
            "terms": terms,
            "answered_at": now,
        },
    )
    if new:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [part.team_id, [EVERY_QUESTION, *terms]])
