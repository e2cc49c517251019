"""French conjugation by rule: from an infinitive to the present of *je* and the present of *nous*.

The other tenses need no table: -ais becomes -ions and -rai becomes -rons for every verb. The rules are those of
any school grammar (Grevisse, *Le Bon Usage*, the three groups), so no table of another project is copied.
"""

Pair = tuple[str, str]

# The third group: an ending of the infinitive, its present with *je*, its present with *nous*.
_THIRD_GROUP: tuple[tuple[str, str, str], ...] = (
    ("être", "suis", "sommes"),
    ("savoir", "sais", "savons"),
    ("avoir", "ai", "avons"),
    ("aller", "vais", "allons"),
    ("foutre", "fous", "foutons"),
    ("seoir", "sois", "soyons"),
    ("assoir", "assois", "assoyons"),
    ("défaillir", "défaille", "défaillons"),
    ("pouvoir", "peux", "pouvons"),
    ("vouloir", "veux", "voulons"),
    ("devoir", "dois", "devons"),
    ("valoir", "vaux", "valons"),
    ("mouvoir", "meus", "mouvons"),
    ("asseoir", "assois", "assoyons"),
    ("cevoir", "çois", "cevons"),
    ("voir", "vois", "voyons"),
    ("faire", "fais", "faisons"),
    ("plaire", "plais", "plaisons"),
    ("taire", "tais", "taisons"),
    ("traire", "trais", "trayons"),
    ("raire", "rais", "rayons"),
    ("naître", "nais", "naissons"),
    ("naitre", "nais", "naissons"),
    ("aître", "ais", "aissons"),
    ("aitre", "ais", "aissons"),
    ("croître", "croîs", "croissons"),
    ("prendre", "prends", "prenons"),
    ("coudre", "couds", "cousons"),
    ("moudre", "mouds", "moulons"),
    ("soudre", "sous", "solvons"),
    ("aindre", "ains", "aignons"),
    ("eindre", "eins", "eignons"),
    ("oindre", "oins", "oignons"),
    ("dre", "ds", "dons"),
    ("rompre", "romps", "rompons"),
    ("battre", "bats", "battons"),
    ("mettre", "mets", "mettons"),
    ("vaincre", "vaincs", "vainquons"),
    ("vivre", "vis", "vivons"),
    ("suivre", "suis", "suivons"),
    ("écrire", "écris", "écrivons"),
    ("crire", "cris", "crivons"),
    ("contredire", "contredis", "contredisons"),
    ("maudire", "maudis", "maudissons"),
    ("dire", "dis", "disons"),
    ("lire", "lis", "lisons"),
    ("rire", "ris", "rions"),
    ("suffire", "suffis", "suffisons"),
    ("uire", "uis", "uisons"),
    ("clure", "clus", "cluons"),
    ("boire", "bois", "buvons"),
    ("croire", "crois", "croyons"),
    ("tenir", "tiens", "tenons"),
    ("venir", "viens", "venons"),
    ("quérir", "quiers", "quérons"),
    ("courir", "cours", "courons"),
    ("mourir", "meurs", "mourons"),
    ("ouvrir", "ouvre", "ouvrons"),
    ("offrir", "offre", "offrons"),
    ("souffrir", "souffre", "souffrons"),
    ("cueillir", "cueille", "cueillons"),
    ("assaillir", "assaille", "assaillons"),
    ("bouillir", "bous", "bouillons"),
    ("dormir", "dors", "dormons"),
    ("servir", "sers", "servons"),
    ("mentir", "mens", "mentons"),
    ("sentir", "sens", "sentons"),
    ("repentir", "repens", "repentons"),
    ("fuir", "fuis", "fuyons"),
    ("vêtir", "vêts", "vêtons"),
    ("haïr", "hais", "haïssons"),
)
# "partir", "sortir" and their kin, told from "répartir" and "assortir", which follow "finir".
_SORTIR = {"partir": "par", "repartir": "repar", "sortir": "sor", "ressortir": "ressor", "départir": "dépar"}
_SECOND_GROUP_ANYWAY = frozenset(
    {"asservir", "assortir", "répartir", "investir", "travestir", "convertir", "avertir"}
)
_ALONE = frozenset({"être", "avoir", "aller"})
_DOUBLED = {"appeler", "rappeler", "épeler", "renouveler", "ruisseler", "étinceler", "jeter", "rejeter", "projeter"}
_IRREGULAR_SUBJUNCTIVE = {
    "être": ("sois", "soyons"),
    "avoir": ("aie", "ayons"),
    "aller": ("aille", "allions"),
    "faire": ("fasse", "fassions"),
    "savoir": ("sache", "sachions"),
    "pouvoir": ("puisse", "puissions"),
    "vouloir": ("veuille", "voulions"),
    "devoir": ("doive", "devions"),
    "venir": ("vienne", "venions"),
    "revenir": ("revienne", "revenions"),
    "tenir": ("tienne", "tenions"),
    "prendre": ("prenne", "prenions"),
    "comprendre": ("comprenne", "comprenions"),
    "mettre": ("mette", "mettions"),
    "dire": ("dise", "disions"),
    "lire": ("lise", "lisions"),
    "voir": ("voie", "voyions"),
    "écrire": ("écrive", "écrivions"),
    "répondre": ("réponde", "répondions"),
    "transmettre": ("transmette", "transmettions"),
    "recevoir": ("reçoive", "recevions"),
    "boire": ("boive", "buvions"),
    "croire": ("croie", "croyions"),
    "connaître": ("connaisse", "connaissions"),
    "rendre": ("rende", "rendions"),
    "vendre": ("vende", "vendions"),
    "attendre": ("attende", "attendions"),
    "perdre": ("perde", "perdions"),
    "finir": ("finisse", "finissions"),
    "choisir": ("choisisse", "choisissions"),
    "permettre": ("permette", "permettions"),
    "suivre": ("suive", "suivions"),
    "sortir": ("sorte", "sortions"),
    "partir": ("parte", "partions"),
}
_SIMPLE_PAST = {
    "être": ("fus", "fûmes"),
    "avoir": ("eus", "eûmes"),
    "faire": ("fis", "fîmes"),
    "prendre": ("pris", "prîmes"),
    "mettre": ("mis", "mîmes"),
    "voir": ("vis", "vîmes"),
    "venir": ("vins", "vînmes"),
    "tenir": ("tins", "tînmes"),
    "pouvoir": ("pus", "pûmes"),
    "savoir": ("sus", "sûmes"),
    "devoir": ("dus", "dûmes"),
    "croire": ("crus", "crûmes"),
    "lire": ("lus", "lûmes"),
    "recevoir": ("reçus", "reçûmes"),
    "naître": ("naquis", "naquîmes"),
    "vivre": ("vécus", "vécûmes"),
    "courir": ("courus", "courûmes"),
    "entendre": ("entendis", "entendîmes"),
    "répondre": ("répondis", "répondîmes"),
    "sortir": ("sortis", "sortîmes"),
    "partir": ("partis", "partîmes"),
    "sentir": ("sentis", "sentîmes"),
    "vouloir": ("voulus", "voulûmes"),
    "attendre": ("attendis", "attendîmes"),
    "rendre": ("rendis", "rendîmes"),
    "perdre": ("perdis", "perdîmes"),
}


def present(infinitive: str) -> Pair:
    """Return the present of *je* and of *nous*: ("rappelle", "rappelons")."""
    if infinitive in _SORTIR:
        return _SORTIR[infinitive] + "s", _SORTIR[infinitive] + "tons"
    if infinitive != "aller" and infinitive.endswith("er"):
        return _first_group(infinitive)
    if infinitive not in _SECOND_GROUP_ANYWAY:
        for ending, je, nous in _THIRD_GROUP:
            if infinitive == ending or (infinitive.endswith(ending) and ending not in _ALONE):
                stem = infinitive[: -len(ending)]
                return stem + je, stem + nous
    stem = infinitive[:-1]
    return stem + "s", stem + "ssons"


def other_forms(infinitive: str) -> list[Pair]:
    """Return the forms no rule of thumb gives: the simple past, *puis*, and both spellings of *ficelle, ficèle*."""
    found = [_SIMPLE_PAST[infinitive]] if infinitive in _SIMPLE_PAST else []
    if infinitive == "pouvoir":
        found.append(("puis", "pouvons"))
    if infinitive.endswith(("eler", "eter")):
        found.append((infinitive[:-2] + infinitive[-3] + "e", infinitive[:-2] + "ons"))
    return found


def subjunctive(infinitive: str) -> list[Pair]:
    """Return the subjunctive of the common irregular verbs; the others say -ions for -e."""
    return [_IRREGULAR_SUBJUNCTIVE[infinitive]] if infinitive in _IRREGULAR_SUBJUNCTIVE else []


def _first_group(infinitive: str) -> Pair:
    stem = infinitive[:-2]
    plural = (
        stem + "eons"
        if stem.endswith("g")
        else stem.removesuffix("c") + "çons"
        if stem.endswith("c")
        else stem + "ons"
    )
    return _stressed(infinitive, stem) + "e", plural


def _stressed(infinitive: str, stem: str) -> str:
    """Return the stem as it is before a mute e: appell-, achèt-, espèr-, envoi-."""
    if infinitive in _DOUBLED:
        return stem + stem[-1]
    if stem.endswith(("oy", "uy")):
        return stem[:-1] + "i"
    if stem.endswith("ay"):
        return stem[:-1] + "i"
    consonants = len(stem) - len(stem.rstrip("bcdfghjklmnpqrstvz"))
    before = stem[: len(stem) - consonants]
    if stem.endswith(("gu", "qu")) and before.endswith("u"):
        consonants, before = 2, stem[:-2]
    double = len(set(stem[-2:])) == 1 and consonants >= 2
    if before.endswith("e") and consonants == 1:
        return before[:-1] + "è" + stem[len(before) :]
    if before.endswith("é") and 1 <= consonants <= 2 and not double:
        return before[:-1] + "è" + stem[len(before) :]
    return stem
