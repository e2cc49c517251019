"""Spanish conjugation by rule: from an infinitive to the forms of "I" and the forms of "we" that replace them.

The rules are those of any school grammar (Real Academia Española, *Nueva gramática*, models of conjugation), so
no table of another project is copied.
"""

Pair = tuple[str, str]


def _listed(words: str) -> list[str]:
    return words.split()


# Verbs on which others are built: present of "I", stem of the future, stem of the strong past. A dot: regular.
_FAMILIES = {
    "tener": ("tengo", "tendr", "tuv"),
    "venir": ("vengo", "vendr", "vin"),
    "poner": ("pongo", "pondr", "pus"),
    "salir": ("salgo", "saldr", "."),
    "valer": ("valgo", "valdr", "."),
    "hacer": ("hago", "har", "hic"),
    "satisfacer": ("satisfago", "satisfar", "satisfic"),
    "decir": ("digo", "dir", "dij"),
    "bendecir": ("bendigo", ".", "bendij"),
    "maldecir": ("maldigo", ".", "maldij"),
    "predecir": ("predigo", ".", "predij"),
    "contradecir": ("contradigo", "contradir", "contradij"),
    "traer": ("traigo", ".", "traj"),
    "caer": ("caigo", ".", "."),
    "oír": ("oigo", "oir", "."),
    "reír": ("río", "reir", "."),
    "sonreír": ("sonrío", "sonreir", "."),
    "freír": ("frío", "freir", "."),
    "poder": ("puedo", "podr", "pud"),
    "querer": ("quiero", "querr", "quis"),
    "saber": ("sé", "sabr", "sup"),
    "haber": ("he", "habr", "hub"),
    "caber": ("quepo", "cabr", "cup"),
    "estar": ("estoy", ".", "estuv"),
    "andar": (".", ".", "anduv"),
    "oler": ("huelo", ".", "."),
    "jugar": ("juego", ".", "."),
    "errar": ("yerro", ".", "."),
    "erguir": ("yergo", ".", "."),
    "adquirir": ("adquiero", ".", "."),
    "inquirir": ("inquiero", ".", "."),
    "cocer": ("cuezo", ".", "."),
    "torcer": ("tuerzo", ".", "."),
    "mecer": ("mezo", ".", "."),
    "asir": ("asgo", ".", "."),
    "prever": ("preveo", ".", "."),
    "entrever": ("entreveo", ".", "."),
    "argüir": ("arguyo", ".", "."),
    "reñir": ("riño", ".", "."),
}
_LONGEST_FIRST = sorted(_FAMILIES, key=len, reverse=True)
_WHOLE = {
    "ser": [("soy", "somos"), ("fui", "fuimos"), ("seré", "seremos")],
    "ir": [("voy", "vamos"), ("fui", "fuimos"), ("iré", "iremos")],
    "dar": [("doy", "damos"), ("di", "dimos"), ("daré", "daremos")],
    "ver": [("veo", "vemos"), ("vi", "vimos"), ("veré", "veremos")],
}
_WHOLE_SHARED = {
    "ser": [("era", "éramos"), ("sería", "seríamos")],
    "ir": [("iba", "íbamos"), ("iría", "iríamos")],
    "ver": [("veía", "veíamos"), ("vería", "veríamos")],
}
_IE = _listed(
    "pensar cerrar empezar comenzar despertar recomendar sentar calentar confesar negar regar fregar tropezar "
    "atravesar acertar apretar encerrar gobernar helar manifestar merendar nevar plegar quebrar reventar segar "
    "sembrar temblar tentar enterrar desterrar alentar arrendar aterrar asentar concertar desplegar enmendar "
    "entender perder encender defender atender tender verter ascender descender extender querer trascender "
    "sentir preferir mentir divertir sugerir advertir referir convertir herir hervir invertir arrepentir "
    "consentir digerir inferir interferir presentir requerir resentir transferir conferir diferir adherir "
    "desmentir pervertir discernir desatender sobreentender malentender repensar replegar desalentar denegar "
    "renegar recalentar acrecentar cimentar escarmentar herrar serrar cegar sosegar restregar desconcertar "
    "revertir ingerir disentir desenterrar inferir sobresentir asentir presentir reconvertir invernar"
)
_UE = _listed(
    "contar encontrar recordar costar mostrar probar acordar acostar almorzar apostar aprobar colar colgar "
    "comprobar consolar demostrar forzar esforzar reforzar renovar rodar rogar soltar sonar soñar tostar volar "
    "volcar demoler doler llover mover morder remover resolver soler volver devolver envolver "
    "revolver disolver absolver promover conmover moler poder dormir morir retorcer cocer rescontrar avergonzar "
    "descontar descolgar reprobar concordar poblar repoblar degollar tronar trocar revolcar engrosar holgar "
    "jugar desaprobar recontar remorder amoblar resonar asolar renovar soldar"
)
_I = _listed(
    "pedir servir repetir seguir conseguir perseguir proseguir vestir medir despedir impedir elegir corregir "
    "competir rendir gemir expedir derretir concebir investir reelegir desvestir embestir regir henchir ceñir "
    "teñir desteñir constreñir subseguir desmedir colegir"
)
_IO = _listed(
    "enviar confiar desconfiar variar ampliar guiar criar fiar esquiar espiar enfriar vaciar liar aliar desviar "
    "fotografiar rociar ansiar averiar desafiar extraviar hastiar resfriar piar chirriar contrariar expiar "
    "telegrafiar autografiar biografiar desvariar inventariar malcriar porfiar ataviar estriar reenviar"
)
_UO = _listed(
    "continuar actuar situar efectuar evaluar acentuar graduar insinuar perpetuar habituar exceptuar puntuar "
    "tatuar valuar devaluar fluctuar atenuar desvirtuar interactuar conceptuar extenuar infatuar menstruar"
)
_THIRD = {
    "tener": "tiene",
    "venir": "viene",
    "decir": "dice",
    "reír": "ríe",
    "sonreír": "sonríe",
    "freír": "fríe",
    "oler": "huele",
    "jugar": "juega",
    "errar": "yerra",
    "erguir": "yergue",
    "adquirir": "adquiere",
    "inquirir": "inquiere",
    "torcer": "tuerce",
    "cocer": "cuece",
    "contradecir": "contradice",
    "bendecir": "bendice",
    "maldecir": "maldice",
    "predecir": "predice",
    "reñir": "riñe",
}
_HIATUS = {
    "prohibir": "prohíbo",
    "reunir": "reúno",
    "aislar": "aíslo",
    "aullar": "aúllo",
    "maullar": "maúllo",
    "ahumar": "ahúmo",
    "rehusar": "rehúso",
    "aunar": "aúno",
    "cohibir": "cohíbo",
    "desahuciar": "desahucio",
    "enraizar": "enraízo",
    "europeizar": "europeízo",
    "rehilar": "rehílo",
    "sahumar": "sahúmo",
    "airar": "aíro",
    "embaular": "embaúlo",
}
_CHANGES = (
    dict.fromkeys(_IE, ("e", "ie"))
    | dict.fromkeys(_UE, ("o", "ue"))
    | dict.fromkeys(_I, ("e", "i"))
    | dict.fromkeys(_IO, ("i", "í"))
    | dict.fromkeys(_UO, ("u", "ú"))
)


def own_forms(infinitive: str) -> list[Pair]:
    """Return the pairs of forms that only "I" has: present, past and future, each with its "we"."""
    if infinitive in _WHOLE:
        return _WHOLE[infinitive]
    present, future, strong = _family(infinitive)
    stem, ending = infinitive[:-2], infinitive[-2:]
    if infinitive.endswith("ducir"):
        strong = infinitive[:-5] + "duj"
    return [
        (present or _present(infinitive), _first_plural(infinitive)),
        _past(stem, ending, strong),
        ((future or _bare(infinitive)) + "é", (future or _bare(infinitive)) + "emos"),
    ]


def shared_forms(infinitive: str) -> list[Pair]:
    """Return the pairs of forms that "I" shares with the third person: imperfect and conditional."""
    if infinitive in _WHOLE_SHARED:
        return _WHOLE_SHARED[infinitive]
    _, future, _ = _family(infinitive)
    stem, ending = infinitive[:-2], infinitive[-2:]
    if infinitive in {"prever", "entrever"}:
        stem += "e"
    past = (stem + "aba", stem + "ábamos") if ending == "ar" else (stem + "ía", stem + "íamos")
    conditional = future or _bare(infinitive)
    return [past, (conditional + "ía", conditional + "íamos")]


def third_person(infinitive: str) -> str:
    """Return the present of "he, she", which is also the order given to a friend: envía, escribe."""
    special = {"ser": "es", "ir": "va", "dar": "da", "ver": "ve", "estar": "está", "haber": "ha", "oír": "oye"}
    if infinitive in special:
        return special[infinitive]
    for base, form in _THIRD.items():
        if infinitive.endswith(base) and (infinitive == base or _is_prefix(infinitive[: -len(base)], base)):
            return infinitive[: -len(base)] + form
    vowel = "a" if infinitive.endswith("ar") else "e"
    if infinitive.endswith("uir") and not infinitive.endswith(("guir", "quir")):
        return infinitive[:-2] + "ye"
    changed = _HIATUS.get(infinitive)
    if changed:
        return changed[:-1] + vowel
    return _changed_stem(infinitive) + vowel


def _family(infinitive: str) -> tuple[str, str, str]:
    """Return present, future stem and strong past of a verb built on an irregular one; empty when regular."""
    for base in _LONGEST_FIRST:
        prefix = infinitive[: -len(base)]
        if infinitive == base or (infinitive.endswith(base) and _is_prefix(prefix, base)):
            present, future, strong = ("" if part == "." else part for part in _FAMILIES[base])
            return tuple(prefix + part if part else "" for part in (present, future, strong))  # type: ignore[return-value]
    return "", "", ""


def _is_prefix(prefix: str, base: str) -> bool:
    known = {
        "tener": "con de man re sos abs entre ob a",
        "venir": "con inter pro sobre pre contra de a",
        "poner": "de com dis ex im o pro su re pos ante contra inter presu sobre super tras yuxta trans descom recom",
        "salir": "sobre re",
        "valer": "equi pre",
        "hacer": "des re contra",
        "decir": "des inter",
        "traer": "a con dis ex sus abs de re re",
        "caer": "de re",
        "torcer": "re des",
        "cocer": "es re",
        "oír": "des entre",
        "oler": "",
        "querer": "re mal",
        "prever": "",
    }
    return prefix in known.get(base, "").split()


def _bare(infinitive: str) -> str:
    return infinitive[:-2] + "ir" if infinitive.endswith("ír") else infinitive


def _first_plural(infinitive: str) -> str:
    endings = {"ar": "amos", "er": "emos", "ir": "imos", "ír": "ímos"}
    return {"haber": "hemos"}.get(infinitive) or infinitive[:-2] + endings[infinitive[-2:]]


def _present(infinitive: str) -> str:
    if infinitive in _HIATUS:
        return _HIATUS[infinitive]
    if infinitive.endswith("uir") and not infinitive.endswith(("guir", "quir")):
        return infinitive[:-2] + "yo"
    if infinitive.endswith(("acer", "ecer", "ocer", "ucir")):
        return infinitive[:-3] + "zco"
    stem = _changed_stem(infinitive)
    if infinitive.endswith(("cer", "cir")):
        return stem[:-1] + "zo"
    if infinitive.endswith(("ger", "gir")):
        return stem[:-1] + "jo"
    if infinitive.endswith("guir"):
        return stem[:-1] + "o"
    if infinitive.endswith("quir"):
        return stem[:-2] + "co"
    return stem + "o"


def _changed_stem(infinitive: str) -> str:
    """Return the stem as it is under stress: "piens" of pensar, "enví" of enviar."""
    stem = infinitive[:-2]
    if infinitive not in _CHANGES:
        return stem
    old, new = _CHANGES[infinitive]
    place = stem.rfind(old)
    changed = stem[:place] + new + stem[place + len(old) :]
    return changed.replace("gue", "güe") if infinitive in {"avergonzar", "degollar"} and new == "ue" else changed


def _past(stem: str, ending: str, strong: str) -> Pair:
    if strong:
        return strong + "e", strong + "imos"
    if ending != "ar":
        vowel = "í" if stem[-1:] in "aeo" or ending == "ír" else "i"
        return stem + "í", stem + vowel + "mos"
    for hard, soft in (("gu", "gü"), ("c", "qu"), ("g", "gu"), ("z", "c")):
        if stem.endswith(hard):
            return stem[: -len(hard)] + soft + "é", stem + "amos"
    return stem + "é", stem + "amos"


def gerunds(infinitive: str) -> list[str]:
    """Return the spellings its gerund can have: hablando; pidiendo, cayendo, durmiendo."""
    stem = infinitive[:-2]
    if infinitive.endswith("ar"):
        return [stem + "ando"]
    place = stem.rfind("e")
    closed = stem[:place] + "i" + stem[place + 1 :] if place >= 0 else stem
    return [
        stem + "iendo",
        stem + "yendo",
        closed + "iendo",
        closed + "endo",
        stem.replace("o", "u") + "iendo",
        stem + "endo",
    ]
