"""Languages told offline, with doubt where there is some, and the warning that follows."""

import numpy as np
import pytest

from analytics.text import languages_of
from analytics.text.model_files import PACKAGED_NAME
from analytics.text.reading.languages import UNKNOWN, check_languages

TEXTS = {
    "en": "I still have not received my new card, it has been more than two weeks.",
    "de": "Ich habe meine neue Karte noch immer nicht bekommen, es sind schon zwei Wochen.",
    "fr": "Je n'ai toujours pas reçu ma nouvelle carte, cela fait plus de deux semaines.",
    "es": "Todavía no he recibido mi nueva tarjeta, ya han pasado más de dos semanas.",
    "ru": "Я до сих пор не получил новую карту, прошло уже больше двух недель.",
    "zh": "我还没有收到我的新卡，已经两个多星期了。",
    "ja": "新しいカードがまだ届いていません。もう二週間以上になります。",
    "ar": "لم أستلم بطاقتي الجديدة بعد، لقد مر أكثر من أسبوعين.",
}


@pytest.mark.slow
def test_sentences_are_in_their_language_and_crumbs_in_none() -> None:
    crumbs = ["ok", "12345", "", "🙂🙂", "N/A", "a b c"]
    codes = languages_of([*TEXTS.values(), *crumbs]).codes.tolist()
    assert codes == [*TEXTS, *[UNKNOWN] * len(crumbs)]


@pytest.mark.slow
def test_a_warning_names_what_an_english_model_cannot_serve() -> None:
    english, chinese = [TEXTS["en"]] * 9, [TEXTS["zh"]]
    none = np.zeros(10)
    assert check_languages([*english, TEXTS["en"]], none, model=PACKAGED_NAME).warning("m") == ""
    told = check_languages(english + chinese, none, model=PACKAGED_NAME).warning("m")
    assert told.startswith("10% of the texts are not in English (Chinese), and m was made for it")
    assert check_languages(english + chinese, none, model="another/model").warning("m") == ""
    unread = np.r_[np.zeros(8), 0.6, 0.7]
    told = check_languages([*english, TEXTS["en"]], unread, model="another/model").warning("m")
    assert told.startswith("In 20% of the texts the model has no token") and "13% of their tokens" in told
