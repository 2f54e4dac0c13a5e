"""The teacher's notes: questions, measured answers and where to look, as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from analytics.dashboard.pages.lessons.course import LESSONS, Lesson, address
from analytics.dashboard.pages.lessons.measured import Seen


def teachers_notes(measure: Callable[[Lesson], Seen]) -> str:
    """All lessons with their answers, as ``measure`` finds them with the models of this server."""
    head = (
        "# Six lessons on Transformers: teacher's notes\n\n"
        "About five minutes each. Let everyone predict before anything is shown; a wrong prediction is worth "
        "more than none. Answers were measured with the models of the server these notes come from.\n"
    )
    return head + "".join(_lesson(number, one, measure(one)) for number, one in enumerate(LESSONS, start=1))


def _lesson(number: int, lesson: Lesson, seen: Seen) -> str:
    options = "\n".join(f"- [{'x' if one == seen.answer else ' '}] {one}" for one in lesson.options)
    looks = "\n".join(f"- {look.label}: `{address(look)}`" for look in lesson.looks)
    asked = "\n".join(f"- {question}" for question in lesson.discuss)
    link = "/lessons?" + urlencode({"lessons_lesson": lesson.name})
    return (
        f"\n## {number}. {lesson.name}\n\nOpen it: `{link}`\n\n{lesson.told}\n\n"
        f"**Predict.** {lesson.question}\n\n{options}\n\n**Answer.** {seen.said}\n\n{_table(seen)}\n\n"
        f"**Look.**\n\n{looks}\n\n**Discuss.**\n\n{asked}\n\n**What stays.** {lesson.stays}\n\n"
        f"**For the teacher.** {lesson.teacher}\n"
    )


def _table(seen: Seen) -> str:
    """The numbers as a table of Markdown; a bar inside a text would end its cell."""
    columns = [str(name) for name in seen.numbers]
    lines = [columns, ["---"] * len(columns)]
    rows = seen.numbers.itertuples(index=False)
    lines += [[f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
