"""Names of months and weekdays in the languages of Europe, whole or shortened."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

_MONTHS = """
en january february march april may june july august september october november december
de januar/jänner februar/feber märz/maerz/mrz april mai juni/juno juli august september oktober november dezember
nl januari februari maart/mrt april mei juni juli augustus september oktober november december
fr janvier février mars avril mai juin juillet août/aout septembre octobre novembre décembre
es enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
sv januari februari mars april maj juni juli augusti september oktober november december
da januar februar marts april maj juni juli august september oktober november december
no januar februar mars april mai juni juli august september oktober november desember
is janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta/elo syyskuuta lokakuuta\
 marraskuuta joulukuuta
et jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
lv janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
lt sausis/sausio vasaris/vasario kovas/kovo balandis/balandžio gegužė/gegužės birželis/birželio liepa/liepos\
 rugpjūtis/rugpjūčio rugsėjis/rugsėjo spalis/spalio lapkritis/lapkričio gruodis/gruodžio
pl styczeń/stycznia luty/lutego marzec/marca kwiecień/kwietnia maj/maja czerwiec/czerwca lipiec/lipca\
 sierpień/sierpnia wrzesień/września październik/października listopad/listopada grudzień/grudnia
cs leden/ledna únor/února březen/března duben/dubna květen/května červen/června červenec/července srpen/srpna\
 září říjen/října listopad/listopadu prosinec/prosince
sk januára/január februára/február marec/marca apríla/apríl mája/máj júna/jún júla/júl augusta/august\
 septembra/september októbra/október novembra/november decembra/december
hu január február március április május június július augusztus szeptember október november december
hr siječanj/siječnja veljača/veljače ožujak/ožujka travanj/travnja svibanj/svibnja lipanj/lipnja srpanj/srpnja\
 kolovoz/kolovoza rujan/rujna listopad/listopada studeni/studenoga prosinac/prosinca
sl januarja februarja marec/marca aprila maja junija julija avgusta septembra/september oktobra/oktober\
 novembra/november decembra/december
sr januar februar mart april maj jun jul avgust septembar oktobar novembar decembar
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
el ιανουάριος/ιανουαρίου φεβρουάριος/φεβρουαρίου μάρτιος/μαρτίου απρίλιος/απριλίου μάιος/μαΐου\
 ιούνιος/ιουνίου ιούλιος/ιουλίου αύγουστος/αυγούστου σεπτέμβριος/σεπτεμβρίου οκτώβριος/οκτωβρίου\
 νοέμβριος/νοεμβρίου δεκέμβριος/δεκεμβρίου
ru январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля август/августа\
 сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря
uk січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня липень/липня\
 серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада грудень/грудня
bg януари февруари март април май юни юли август септември октомври ноември декември
"""  # noqa: E501
_DAYS = """
monday tuesday wednesday thursday friday saturday sunday
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda terça quarta quinta sexta
måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
poniedziałek wtorek środa czwartek piątek sobota niedziela
pondělí úterý středa čtvrtek pátek neděle pondelok utorok streda štvrtok piatok nedeľa
hétfő kedd szerda csütörtök péntek szombat vasárnap
luni marți miercuri joi vineri sâmbătă duminică
pazartesi salı çarşamba perşembe cuma cumartesi pazar
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
"""
_SHORTEST = {"fi": 4}
"""Letters of the shortest abbreviation, 3 where not said: a Finnish ``mar`` is no March."""
_UNMARKED = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ß": "ss", "æ": "ae"})


def month_numbers(words: Iterable[str]) -> tuple[dict[str, int], str]:
    """Each word as the number of its month, in the languages that know all of the words.

    Words that no language knows are left out. Where languages differ (listopad is November in Polish and
    October in Croatian) and no other word decides, there are none, and the second value says so.
    """
    distinct = list(dict.fromkeys(words))
    readings = [{word: _month(word, language) for word in distinct} for language in _months()]
    most = max((sum(map(bool, reading.values())) for reading in readings), default=0)
    best = [
        {word: month for word, month in reading.items() if month}
        for reading in readings
        if most and sum(map(bool, reading.values())) == most
    ]
    if not best:
        return {}, ""
    for word in best[0]:
        months = {reading[word] for reading in best if word in reading}
        if len(months) > 1:
            return {}, f"the month {word!r} is another one in another language"
    return best[0], ""


def is_weekday(word: str) -> bool:
    """Whether the word is a weekday, whole or shortened to two letters or more."""
    folded = _folded(word)
    return len(folded) >= 2 and any(day.startswith(folded) for day in _weekdays())


def _month(word: str, language: str) -> int:
    """The month that has this name, or is the only one whose name begins so; 0 if none."""
    folded = _folded(word)
    exact = [number for number, forms in enumerate(_months()[language], 1) if folded in forms]
    if exact or len(folded) < _SHORTEST.get(language, 3):
        return exact[0] if exact else 0
    starts = [
        number
        for number, forms in enumerate(_months()[language], 1)
        if any(form.startswith(folded) for form in forms)
    ]
    return starts[0] if len(starts) == 1 else 0


@cache
def _months() -> dict[str, list[tuple[str, ...]]]:
    lines = (line.split() for line in _MONTHS.strip().splitlines())
    return {language: [tuple(map(_folded, name.split("/"))) for name in names] for language, *names in lines}


@cache
def _weekdays() -> tuple[str, ...]:
    return tuple(map(_folded, _DAYS.split()))


@lru_cache(4096)
def _folded(word: str) -> str:
    """Small letters without their accents."""
    parts = unicodedata.normalize("NFKD", word.casefold().translate(_UNMARKED))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
