"""The verb tables are conjugated by rule: each kind of verb has its example; the files hold what the rules give."""

from pathlib import Path

import pytest

from pluralis.core.voice.verbs import changed, plural_changes, verb_list, words_of
from tools.models import voice_french as french
from tools.models import voice_spanish as spanish

ARTEFACTS = Path(__file__).parents[2] / "pluralis" / "core" / "artefacts"


@pytest.mark.parametrize(
    ("infinitive", "present", "past", "future"),
    [
        ("hablar", "hablo hablamos", "hablé hablamos", "hablaré hablaremos"),
        ("comer", "como comemos", "comí comimos", "comeré comeremos"),
        ("vivir", "vivo vivimos", "viví vivimos", "viviré viviremos"),
        ("buscar", "busco buscamos", "busqué buscamos", "buscaré buscaremos"),
        ("pagar", "pago pagamos", "pagué pagamos", "pagaré pagaremos"),
        ("empezar", "empiezo empezamos", "empecé empezamos", "empezaré empezaremos"),
        ("averiguar", "averiguo averiguamos", "averigüé averiguamos", "averiguaré averiguaremos"),
        ("pensar", "pienso pensamos", "pensé pensamos", "pensaré pensaremos"),
        ("volver", "vuelvo volvemos", "volví volvimos", "volveré volveremos"),
        ("pedir", "pido pedimos", "pedí pedimos", "pediré pediremos"),
        ("seguir", "sigo seguimos", "seguí seguimos", "seguiré seguiremos"),
        ("enviar", "envío enviamos", "envié enviamos", "enviaré enviaremos"),
        ("continuar", "continúo continuamos", "continué continuamos", "continuaré continuaremos"),
        ("conocer", "conozco conocemos", "conocí conocimos", "conoceré conoceremos"),
        ("convencer", "convenzo convencemos", "convencí convencimos", "convenceré convenceremos"),
        ("traducir", "traduzco traducimos", "traduje tradujimos", "traduciré traduciremos"),
        ("construir", "construyo construimos", "construí construimos", "construiré construiremos"),
        ("dirigir", "dirijo dirigimos", "dirigí dirigimos", "dirigiré dirigiremos"),
        ("elegir", "elijo elegimos", "elegí elegimos", "elegiré elegiremos"),
        ("leer", "leo leemos", "leí leímos", "leeré leeremos"),
        ("oír", "oigo oímos", "oí oímos", "oiré oiremos"),
        ("reunir", "reúno reunimos", "reuní reunimos", "reuniré reuniremos"),
        ("tener", "tengo tenemos", "tuve tuvimos", "tendré tendremos"),
        ("mantener", "mantengo mantenemos", "mantuve mantuvimos", "mantendré mantendremos"),
        ("proponer", "propongo proponemos", "propuse propusimos", "propondré propondremos"),
        ("deshacer", "deshago deshacemos", "deshice deshicimos", "desharé desharemos"),
        ("contradecir", "contradigo contradecimos", "contradije contradijimos", "contradiré contradiremos"),
        ("estar", "estoy estamos", "estuve estuvimos", "estaré estaremos"),
        ("ir", "voy vamos", "fui fuimos", "iré iremos"),
        ("haber", "he hemos", "hube hubimos", "habré habremos"),
    ],
)
def test_a_spanish_verb_is_conjugated(infinitive: str, present: str, past: str, future: str) -> None:
    assert [" ".join(pair) for pair in spanish.own_forms(infinitive)] == [present, past, future]


@pytest.mark.parametrize(
    ("infinitive", "imperfect", "conditional"),
    [
        ("hablar", "hablaba hablábamos", "hablaría hablaríamos"),
        ("tener", "tenía teníamos", "tendría tendríamos"),
        ("ser", "era éramos", "sería seríamos"),
        ("prever", "preveía preveíamos", "prevería preveríamos"),
    ],
)
def test_a_spanish_verb_shares_forms_with_the_third_person(infinitive: str, imperfect: str, conditional: str) -> None:
    assert [" ".join(pair) for pair in spanish.shared_forms(infinitive)] == [imperfect, conditional]


@pytest.mark.parametrize(
    ("infinitive", "order"),
    [("enviar", "envía"), ("escribir", "escribe"), ("contar", "cuenta"), ("prevenir", "previene"), ("huir", "huye")],
)
def test_a_spanish_order_is_the_present_of_the_third_person(infinitive: str, order: str) -> None:
    assert spanish.third_person(infinitive) == order


@pytest.mark.parametrize(
    ("infinitive", "je", "nous"),
    [
        ("parler", "parle", "parlons"),
        ("manger", "mange", "mangeons"),
        ("commencer", "commence", "commençons"),
        ("rappeler", "rappelle", "rappelons"),
        ("jeter", "jette", "jetons"),
        ("acheter", "achète", "achetons"),
        ("préférer", "préfère", "préférons"),
        ("envoyer", "envoie", "envoyons"),
        ("essayer", "essaie", "essayons"),
        ("finir", "finis", "finissons"),
        ("répartir", "répartis", "répartissons"),
        ("partir", "pars", "partons"),
        ("prendre", "prends", "prenons"),
        ("rendre", "rends", "rendons"),
        ("craindre", "crains", "craignons"),
        ("transmettre", "transmets", "transmettons"),
        ("connaître", "connais", "connaissons"),
        ("recevoir", "reçois", "recevons"),
        ("prévoir", "prévois", "prévoyons"),
        ("tenir", "tiens", "tenons"),
        ("savoir", "sais", "savons"),
        ("être", "suis", "sommes"),
    ],
)
def test_a_french_verb_is_conjugated(infinitive: str, je: str, nous: str) -> None:
    assert french.present(infinitive) == (je, nous)


def test_every_change_of_a_table_can_be_applied() -> None:
    for language, name in [("es", "own"), ("es", "shared"), ("fr", "own"), ("fr", "subjunctive")]:
        table = plural_changes(language, name)
        assert len(table) > 25
        for form, change in table.items():
            assert changed(form, change).endswith(("s", "os", "ns", "es")), form


def test_the_commonest_forms_are_in_the_tables() -> None:
    own = plural_changes("es", "own")
    wanted = {"creo": "creemos", "siento": "sentimos", "veo": "vemos", "puedo": "podemos", "envío": "enviamos"}
    assert {form: changed(form, own[form]) for form in wanted} == wanted
    assert {"pago", "trabajo", "apoyo"} <= verb_list("es", "nouns")
    assert {"dejo", "quedo"} <= verb_list("es", "past_twins")
    assert not {"creo", "espero", "necesito"} & verb_list("es", "past_twins")
    assert "kirim" in words_of("ms", "roots")


def test_the_words_are_what_the_rules_build(tmp_path: Path) -> None:
    """The smallest of the three tables; `make models` rebuilds them all in the same way."""
    pytest.importorskip("wordfreq", reason="the word frequencies come with the group 'models'")
    from tools.models.voice import malay_table, write

    path = write(tmp_path / "voice_ms_words.json", malay_table())
    assert path.read_bytes() == (ARTEFACTS / path.name).read_bytes()
