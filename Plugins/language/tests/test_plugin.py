""".venv/bin/python -m unittest discover -s tests"""

import os
import sys
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(FOLDER, "..", "sdk", "python"))
from plugin_testing import Host, document  # noqa: E402

# Article 1 of the Universal Declaration of Human Rights, which is in the public domain.
ARTICLE_1 = {
    "ar": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا بروح الإخاء.",
    "cs": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu "
          "jednat v duchu bratrství.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und "
          "sollen einander im Geist der Brüderlichkeit begegnen.",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and "
          "should act towards one another in a spirit of brotherhood.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, "
          "deben comportarse fraternalmente los unos con los otros.",
    "fi": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja "
          "omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience "
          "et doivent agir les uns envers les autres dans un esprit de fraternité.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di coscienza e "
          "devono agire gli uni verso gli altri in spirito di fratellanza.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand en geweten, en "
          "behoren zich jegens elkander in een geest van broederschap te gedragen.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i "
          "sumieniem i powinni postępować wobec innych w duchu braterstwa.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны "
          "поступать в отношении друг друга в духе братства.",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı "
          "kardeşlik zihniyeti ile hareket etmelidirler.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні "
          "діяти у відношенні один до одного в дусі братерства.",
    "zh": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
}


def ids(answers):
    return [[item["id"] for item in answer["annotations"]] for answer in answers]


class Language(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(FOLDER)
        cls.host.begin()

    @classmethod
    def tearDownClass(cls):
        status = cls.host.shut_down()
        cls.host.__exit__()
        assert status == 0, status

    def ask(self, *texts):
        return self.host.ask([document(text) for text in texts])

    def test_sixteen_languages_are_told_apart(self):
        answers = self.ask(*ARTICLE_1.values())
        self.assertEqual(ids(answers), [[code] for code in ARTICLE_1])
        german = answers[list(ARTICLE_1).index("de")]["annotations"][0]
        self.assertEqual(german["label"], "German")
        self.assertGreater(german["fields"]["score"], 0.9)

    def test_what_is_no_language_has_none(self):
        self.assertEqual(ids(self.ask("", " \n", "1 2 3", "\0\0", "!?", "𝄞😀")), [[]] * 6)

    def test_odd_and_huge_texts_are_answered(self):
        answers = self.ask(ARTICLE_1["fr"].replace(" ", "\0 \u202e"), ARTICLE_1["it"] * 250_000)
        self.assertEqual(ids(answers), [["fr"], ["it"]])


class Options(unittest.TestCase):
    def test_one_of_the_named_languages_is_found(self):
        with Host(FOLDER) as host:
            host.begin({"languages": ["fr", "de"], "minimum": 0.9})
            self.assertEqual(ids(host.ask([document(ARTICLE_1["de"]), document(ARTICLE_1["ja"])])), [["de"], []])

    def test_what_is_unsure_is_not_said(self):
        with Host(FOLDER) as host:
            host.begin({"languages": ["es", "pt"], "minimum": 0.99})
            self.assertEqual(ids(host.ask([document("no")])), [[]])

    def test_unknown_languages_are_named(self):
        with Host(FOLDER) as host:
            host.hello()
            self.assertEqual(host.validate({"languages": ["en", "fr"]}), [])
            found = host.validate({"languages": ["en", "xx"]})
            self.assertEqual([(item["path"], item["code"]) for item in found], [("/languages/1", "unknown-language")])
            self.assertEqual(host.validate({"languages": ["en"]})[0]["code"], "one-language")


if __name__ == "__main__":
    unittest.main()
