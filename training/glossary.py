"""A small glossary of technical sentences that Tatoeba lacks, added to the training pairs.

It is written by hand, multiplied by templates, and disclosed in the model card. The page's own example never
occurs in it: "machine learning" is met in other sentences, "I love ..." with other subjects.
"""

from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE
from training.corpus import Pair, bare

# English, French with its article, plural in French.
_FIELDS: tuple[tuple[str, str, bool], ...] = (
    ("machine learning", "l'apprentissage automatique", False),
    ("deep learning", "l'apprentissage profond", False),
    ("artificial intelligence", "l'intelligence artificielle", False),
    ("computer science", "l'informatique", False),
    ("data science", "la science des données", False),
    ("statistics", "les statistiques", True),
    ("probability", "les probabilités", True),
    ("mathematics", "les mathématiques", True),
    ("linear algebra", "l'algèbre linéaire", False),
    ("linguistics", "la linguistique", False),
    ("machine translation", "la traduction automatique", False),
    ("speech recognition", "la reconnaissance vocale", False),
    ("computer vision", "la vision par ordinateur", False),
    ("programming", "la programmation", False),
    ("software engineering", "le génie logiciel", False),
    ("data analysis", "l'analyse de données", False),
    ("reinforcement learning", "l'apprentissage par renforcement", False),
    ("supervised learning", "l'apprentissage supervisé", False),
    ("physics", "la physique", False),
    ("biology", "la biologie", False),
    ("neuroscience", "les neurosciences", True),
    ("robotics", "la robotique", False),
)

_FIELD_SENTENCES: tuple[tuple[str, str], ...] = (
    ("I study {x}.", "J'étudie {le}."),
    ("She studies {x}.", "Elle étudie {le}."),
    ("We are learning {x}.", "Nous apprenons {le}."),
    ("He teaches {x} at the university.", "Il enseigne {le} à l'université."),
    ("I love {x}.", "J'aime {le}."),
    ("We love {x}.", "Nous aimons {le}."),
    ("My brother likes {x}.", "Mon frère aime {le}."),
    ("She loves {x}.", "Elle aime {le}."),
    ("Tom hates {x}.", "Tom déteste {le}."),
    ("I prefer {x}.", "Je préfère {le}."),
    ("I want to learn {x}.", "Je veux apprendre {le}."),
    ("Do you understand {x}?", "Comprenez-vous {le} ?"),
    ("Do you like {x}?", "Aimes-tu {le} ?"),
    ("They use {x} every day.", "Ils utilisent {le} tous les jours."),
    ("This book is about {x}.", "Ce livre parle {du}."),
    ("I am interested in {x}.", "Je m'intéresse {au}."),
    ("What is the purpose of {x}?", "Quel est le but {du} ?"),
    ("The history of {x} is long.", "L'histoire {du} est longue."),
    ("I know nothing about {x}.", "Je ne connais rien {au}."),
    ("He explained {x} to his students.", "Il a expliqué {le} à ses étudiants."),
    ("{X} is difficult.", "{Le} {est} difficile{s}."),
    ("{X} is useful.", "{Le} {est} utile{s}."),
    ("{X} interests me.", "{Le} m'intéresse{nt}."),
    ("{X} is changing the world.", "{Le} change{nt} le monde."),
)

# English, French noun, feminine.
_THINGS: tuple[tuple[str, str, bool], ...] = (
    ("neural network", "réseau de neurones", False),
    ("language model", "modèle de langue", False),
    ("algorithm", "algorithme", False),
    ("data set", "jeu de données", False),
    ("database", "base de données", True),
    ("matrix", "matrice", True),
    ("vector", "vecteur", False),
    ("encoder", "encodeur", False),
    ("decoder", "décodeur", False),
    ("transformer", "transformeur", False),
    ("computer program", "programme informatique", False),
    ("translation model", "modèle de traduction", False),
    ("spreadsheet", "feuille de calcul", True),
    ("probability distribution", "distribution de probabilité", True),
    ("standard deviation", "écart type", False),
    ("average", "moyenne", True),
    ("training set", "jeu d'entraînement", False),
    ("graphics card", "carte graphique", True),
)

_THING_SENTENCES: tuple[tuple[str, str], ...] = (
    ("The {x} is small.", "{Le} est {petit}."),
    ("This {x} is important.", "{Ce} est {important}."),
    ("I need {a}.", "J'ai besoin {dun}."),
    ("We built {a}.", "Nous avons construit {un}."),
    ("She explained the {x}.", "Elle a expliqué {le}."),
    ("What is {a}?", "Qu'est-ce {quun} ?"),
    ("Do you know this {x}?", "Connais-tu {ce} ?"),
    ("I do not understand the {x}.", "Je ne comprends pas {le}."),
    ("The {x} does not work.", "{Le} ne marche pas."),
    ("Here is {a}.", "Voici {un}."),
)

_SENTENCES: tuple[tuple[str, str], ...] = (
    ("The model translates the sentence.", "Le modèle traduit la phrase."),
    ("The model learns from data.", "Le modèle apprend à partir de données."),
    ("The machine learns from examples.", "La machine apprend à partir d'exemples."),
    ("Each word becomes a vector.", "Chaque mot devient un vecteur."),
    ("The decoder writes one word at a time.", "Le décodeur écrit un mot à la fois."),
    ("The encoder reads the whole sentence.", "L'encodeur lit toute la phrase."),
    ("Attention is all you need.", "L'attention est tout ce dont vous avez besoin."),
    ("The computer makes mistakes.", "L'ordinateur fait des erreurs."),
    ("Computers do not think.", "Les ordinateurs ne pensent pas."),
    ("Machines can learn.", "Les machines peuvent apprendre."),
    ("The data is wrong.", "Les données sont fausses."),
    ("We need more data.", "Nous avons besoin de plus de données."),
    ("The data is in the table.", "Les données sont dans le tableau."),
    ("This number is unusual.", "Ce nombre est inhabituel."),
    ("The average is higher than the median.", "La moyenne est plus élevée que la médiane."),
    ("The network has three layers.", "Le réseau a trois couches."),
    ("I trained the model yesterday.", "J'ai entraîné le modèle hier."),
    ("The program is running.", "Le programme est en cours d'exécution."),
    ("She writes code in Python.", "Elle écrit du code en Python."),
    ("He is a software engineer.", "Il est ingénieur logiciel."),
    ("I am a data scientist.", "Je suis scientifique des données."),
    ("Delete the file.", "Supprimez le fichier."),
    ("Download the file.", "Téléchargez le fichier."),
    ("The file is too large.", "Le fichier est trop volumineux."),
    ("The screen is black.", "L'écran est noir."),
    ("Translate this sentence into French.", "Traduisez cette phrase en français."),
    ("The translation is correct.", "La traduction est correcte."),
    ("Two sentences with the same meaning are close.", "Deux phrases de même sens sont proches."),
    ("The probability is small.", "La probabilité est faible."),
    ("The results are surprising.", "Les résultats sont surprenants."),
)

_OF = {"le ": "du ", "la ": "de la ", "l'": "de l'", "les ": "des "}
_TO = {"le ": "au ", "la ": "à la ", "l'": "à l'", "les ": "aux "}


def glossary_pairs() -> list[Pair]:
    """All pairs of the glossary, none of them the page's example."""
    fields = [_field(*field, *frame) for field in _FIELDS for frame in _FIELD_SENTENCES]
    things = [_thing(*thing, *frame) for thing in _THINGS for frame in _THING_SENTENCES]
    pairs = [*fields, *things, *(Pair(*pair) for pair in _SENTENCES)]
    return [pair for pair in pairs if bare(pair.english) != bare(PAGE_EXAMPLE)]


def _field(english: str, french: str, plural: bool, source: str, target: str) -> Pair:
    article = next(article for article in ("les ", "le ", "la ", "l'") if french.startswith(article))
    noun = french.removeprefix(article)
    words = {
        "le": french,
        "Le": _capital(french),
        "du": _OF[article] + noun,
        "au": _TO[article] + noun,
        "est": "sont" if plural else "est",
        "s": "s" if plural else "",
        "nt": "nt" if plural else "",
    }
    return Pair(source.format(x=english, X=_capital(english)), target.format(**words))


def _thing(english: str, french: str, feminine: bool, source: str, target: str) -> Pair:
    vowel = french[0] in "aeiouéèê"
    one = f"une {french}" if feminine else f"un {french}"
    the = f"l'{french}" if vowel else f"la {french}" if feminine else f"le {french}"
    this = f"cette {french}" if feminine else f"cet {french}" if vowel else f"ce {french}"
    words = {
        "un": one,
        "dun": f"d'{one}",
        "quun": f"qu'{one}",
        "le": the,
        "Le": _capital(the),
        "ce": this,
        "Ce": _capital(this),
        "petit": "petite" if feminine else "petit",
        "important": "importante" if feminine else "important",
    }
    article = "an" if english[0] in "aeiou" else "a"
    return Pair(source.format(x=english, a=f"{article} {english}"), target.format(**words))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
