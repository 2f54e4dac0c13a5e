"""Short lines as they stand in tables of many languages, and the code pages in which they are written."""

import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"

SAMPLES: dict[str, tuple[str, str]] = {
    "Polish": (
        "windows-1250 iso-8859-2 cp852 mac-latin2 iso-8859-16",
        "Łódź;Źródła danych są w załączniku|Poznań;Nie ma zwrotów|Gdańsk;Opłata za śmieci"
        "|Kraków;Wpłata gotówki|Wrocław;Przyjęto zamówienie|Rzeszów;Książka|Częstochowa;Ćwiczenia"
        "|Toruń;Pięć sztuk",
    ),
    "Czech": (
        "windows-1250 iso-8859-2 cp852 mac-latin2",
        "Dvořák;Objednávka přijata|Plzeň;Žádné zboží|Brno;Účet č. 5|Novák;Příjem"
        "|Kolín;Město u řeky|Ústí nad Labem;Velikost ložnice|Hradec Králové;Šest kusů"
        "|Třebíč;Dětské zboží",
    ),
    "Slovak": (
        "windows-1250 iso-8859-2 cp852",
        "Košice;Dodací list|Žilina;Ľudové umenie|Prešov;Nová objednávka|Nitra;Účtovníctvo"
        "|Trenčín;Päť kusov|Banská Bystrica;Vďaka za nákup|Martin;Stĺpec tabuľky"
        "|Zvolen;Dôvod vrátenia",
    ),
    "Hungarian": (
        "windows-1250 iso-8859-2 cp852",
        "Győr;Külső mérés|Szeged;Fizetési mód|Pécs;Rendelésszám|Székesfehérvár;Összesen"
        "|Budapest;Időpont|Kecskemét;Gyűjtemény|Tűzoltó;Nincs készleten|Eger;Árlista",
    ),
    "Romanian": (
        "windows-1250 iso-8859-2 cp852",
        "Iaşi;Preţ fără taxe|Timişoara;Număr de bucăţi|Braşov;Întârziere la plată"
        "|Constanţa;Mâine dimineaţă|Cluj;Şcoală|Galaţi;Adresă|Bacău;Oraş|Ploieşti;Sâmbătă",
    ),
    "Croatian": (
        "windows-1250 iso-8859-2 cp852",
        "Šibenik;Račun plaćen|Požega;Nema žalbe|Čakovec;Kućni broj|Zadar;Tržište"
        "|Đakovo;Mjesečna članarina|Zagreb;Vrijeme čekanja|Osijek;Količina"
        "|Split;Cijena uključuje PDV i još nešto",
    ),
    "Slovene": (
        "windows-1250 iso-8859-2 cp852",
        "Škofja Loka;Plačano|Žalec;Naročilo|Črnomelj;Količina|Celje;Še nekaj"
        "|Maribor;Ločeno plačilo|Koper;Že rešeno",
    ),
    "German": (
        "windows-1252 iso-8859-15 mac-roman cp850 cp437",
        "München;Straße gesperrt|Köln;Bestellung prüfen|Düsseldorf;Größe fehlt|Nürnberg;Rückgabe"
        "|Würzburg;schön|Görlitz;Überweisung|Fürth;Kündigung|Lübeck;Gebühr für Mai",
    ),
    "French": (
        "windows-1252 iso-8859-15 mac-roman cp850",
        "Orléans;Payé par chèque|Besançon;Numéro de série|Béziers;Reçu le matin|Nîmes;Déjà livré"
        "|Mâcon;Forêt|Angoulême;Très bon état|Sète;À vérifier|Évreux;Où est le colis",
    ),
    "Spanish": (
        "windows-1252 iso-8859-15 mac-roman cp850",
        "Málaga;Año de compra|Cádiz;Código postal|Logroño;Envío rápido|León;Número de teléfono"
        "|A Coruña;Niños|Cáceres;Descripción|Ávila;Sí, también|Almería;Dirección",
    ),
    "Portuguese": (
        "windows-1252 iso-8859-15 mac-roman cp850",
        "São Paulo;Preço à vista|Brasília;Endereço|Goiânia;Informações|Maceió;Não há estoque"
        "|Belém;Ação|Florianópolis;Três peças|Évora;Coração|Setúbal;Código",
    ),
    "Italian": (
        "windows-1252 mac-roman cp850",
        "Forlì;Città di origine|Roma;Perché no|Torino;Quantità|Cantù;Più tardi"
        "|Milano;Qualità e novità|Bari;È arrivato",
    ),
    "Dutch": (
        "windows-1252 mac-roman",
        "Coöperatie;Één stuk|Utrecht;Geïnteresseerd|Goes;Financiële gegevens|Sneek;Reünie",
    ),
    "Swedish": (
        "windows-1252 mac-roman cp850",
        "Göteborg;Fråga|Malmö;Beställning|Västerås;Räkning|Örebro;Får ej säljas|Umeå;Kött|Jönköping;Åtgärd",
    ),
    "Danish": (
        "windows-1252 mac-roman cp850 cp865",
        "København;Køb af brød|Århus;Måned|Ærø;Færge til øen|Sønderborg;Bestilt i går"
        "|Næstved;Særlig pris|Køge;Også",
    ),
    "Norwegian": (
        "windows-1252 mac-roman cp865",
        "Tromsø;Kjøp på nett|Bodø;Gjør det nå|Ålesund;Først|Lillestrøm;Være|Drøbak;Sjø",
    ),
    "Finnish": (
        "windows-1252 mac-roman cp850",
        "Jyväskylä;Määrä|Hämeenlinna;Päivä|Seinäjoki;Käyttäjä|Äänekoski;Työ|Järvenpää;Yhteensä",
    ),
    "Icelandic": (
        "windows-1252",
        "Ísafjörður;Verð með skatti|Akureyri;Þjónusta|Höfn;Já, það er rétt|Keflavík;Fjöldi|Selfoss;Nýtt",
    ),
    "Catalan": (
        "windows-1252",
        "Mataró;Número de sèrie|Lleó;Adreça|Vic;Això és tot|Gràcia;Qualificació|Alcúdia;Informació",
    ),
    "Albanian": (
        "windows-1252 windows-1250",
        "Tiranë;Çmimi është|Vlorë;Përshkrimi|Durrës;Sasia e plotë|Korçë;Në rregull",
    ),
    "Turkish": (
        "windows-1254 iso-8859-9 cp857 mac-turkish",
        "Eskişehir;Sipariş alındı|Muğla;Ödeme yapıldı|İzmir;Ağır yük|Şanlıurfa;Açıklama"
        "|Kırıkkale;Değişim|Çankırı;Güneş gözlüğü|Uşak;Yıllık|Ağrı;Müşteri",
    ),
    "Lithuanian": (
        "windows-1257 iso-8859-13 cp775 iso-8859-4",
        "Šiauliai;Užsakymas priimtas|Panevėžys;Kiekis dėžėje|Klaipėda;Mokėjimas"
        "|Mažeikiai;Apmokėta iš sąskaitos|Kėdainiai;Žmonių skaičius|Telšiai;Įmonė",
    ),
    "Latvian": (
        "windows-1257 iso-8859-13 cp775 iso-8859-4",
        "Rēzekne;Pasūtījums|Jūrmala;Nav pieejams, gaidām|Liepāja;Cena ar nodokļiem"
        "|Cēsis;Daudzums kopā|Ķekava;Šodien|Daugavpils;Samaksāts",
    ),
    "Estonian": (
        "windows-1257 iso-8859-13 windows-1252",
        "Pärnu;Tellimus tühistatud|Jõhvi;Kõik korras|Põlva;Müük|Võru;Täna öösel|Kärdla;Hind",
    ),
    "Greek": (
        "windows-1253 iso-8859-7 cp737 mac-greek cp869",
        "Αθήνα;Παραγγελία|Θεσσαλονίκη;Τιμή με ΦΠΑ|Πάτρα;Ποσότητα|Ηράκλειο;Ημερομηνία"
        "|Βόλος;Δεν υπάρχει|Λάρισα;Όνομα",
    ),
    "Russian": (
        "windows-1251 koi8-r cp866 iso-8859-5 mac-cyrillic cp855",
        "Москва;Заказ принят|Казань;Цена с НДС|Пермь;Количество|Самара;Нет в наличии|Омск;Дата"
        "|Уфа;Объём|Санкт-Петербург;Подъезд|Тверь;ИТОГО",
    ),
    "Ukrainian": (
        "windows-1251 koi8-u cp1125 iso-8859-5 mac-cyrillic",
        "Київ;Замовлення прийнято|Львів;Ціна з ПДВ|Чернігів;Кількість|Рівне;Немає в наявності"
        "|Одеса;Їжа|Херсон;Є",
    ),
    "Bulgarian": (
        "windows-1251 cp866 iso-8859-5 mac-cyrillic",
        "София;Поръчката е приета|Пловдив;Цена с ДДС|Бургас;Количество|Русе;Няма наличност"
        "|Плевен;Дата|Шумен;Име",
    ),
    "Serbian": (
        "windows-1251 iso-8859-5 cp855",
        "Београд;Поруџбина|Нови Сад;Цена са порезом|Ниш;Количина|Суботица;Нема на стању|Љиг;Ђак",
    ),
    "Macedonian": (
        "windows-1251 iso-8859-5",
        "Скопје;Нарачката е примена|Битола;Цена|Охрид;Количина|Тетово;Нема залиха|Ѓевгелија;Куќа",
    ),
    "Belarusian": (
        "windows-1251 iso-8859-5",
        "Мінск;Заказ прыняты|Гродна;Цана|Віцебск;Колькасць|Брэст;Няма ў наяўнасці",
    ),
    "Hebrew": (
        "windows-1255 iso-8859-8 cp862",
        "ירושלים;ההזמנה התקבלה|חיפה;מחיר כולל מעמ|אשדוד;כמות|תל אביב;לא קיים במלאי|אילת;תאריך",
    ),
    "Arabic": (
        "windows-1256 iso-8859-6 cp720",
        "القاهرة;تم استلام الطلب|الرياض;السعر مع الضريبة|دمشق;الكمية|بغداد;غير متوفر|عمان;التاريخ",
    ),
    "Persian": (
        "windows-1256",
        "تهران;سفارش ثبت شد|شيراز;قيمت با ماليات|اصفهان;تعداد|مشهد;پرداخت نشده|قم;چاپ",
    ),
    "Thai": (
        "cp874 tis-620",
        "กรุงเทพ;ได้รับคำสั่งซื้อแล้ว|เชียงใหม่;ราคารวมภาษี|ภูเก็ต;จำนวน|ขอนแก่น;ไม่มีสินค้า",
    ),
    "Vietnamese": (
        "windows-1258",
        "Đà Nẵng;Đơn hàng|Cần Thơ;Số lượng|Huế;Không có hàng|Hải Phòng;Địa chỉ nhà",
    ),
    "Esperanto": (
        "iso-8859-3",
        "Ŝanĝo;Ĉiu kaŭzo|Bruselo;Ĵaŭdo|Romo;Ĝis revido|Prago;Aĉetis ion",
    ),
    "Japanese": (
        "cp932 euc-jp iso2022_jp",
        "東京都;注文を受け付けました|大阪府;税込価格|横浜市;数量|名古屋;在庫なし|札幌;日付"
        "|福岡;お客様の名前|京都;コーヒー",
    ),
    "Chinese (simplified)": (
        "gb18030 gb2312 hz",
        "北京;订单已收到|上海;含税价格|广州;数量|深圳;没有库存|成都;日期|杭州;客户姓名|武汉;咖啡",
    ),
    "Chinese (traditional)": (
        "big5 cp950",
        "臺北市;訂單已收到|高雄;含稅價格|臺中;數量|臺南;沒有庫存|新竹;日期|基隆;客戶姓名|花蓮;咖啡",
    ),
    "Korean": (
        "cp949 euc-kr",
        "서울;주문이 접수되었습니다|부산;세금 포함 가격|대구;수량|인천;재고 없음|광주;날짜|대전;고객 이름",
    ),
}
"""Language to its code pages and its lines; a semicolon parts two cells."""


def encoded(text: str, encoding: str) -> bytes:
    """The bytes; windows-1258 writes tones behind their vowels."""
    if encoding == "windows-1258":
        text = "".join(map(_toned, text))
    return text.encode(encoding)


def _toned(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in _TONES)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)) + tones
