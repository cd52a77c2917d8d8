"""Names that novices give their variables, and names that nobody gives."""

import keyword
import random

NAMES = """a acc amount answer arr b best biggest box c cell char chars check chunk col collected copy count counter cur
current d data day diff digit done e elem element elements end entry even extra f final first flag found g grid group h
half head hi high i idx index info inner it item items j k key keys kind largest last left length letter letters level
limit line lo low lst m main mark max_val mid min_val month my_list n name names nested new new_list new_lst num number
numbers nums o odd ok other out output p pair pairs part parts people person piece pos position prev prod q r rest res
result results ret right row rows s score second seen seq size small smallest sol start step stop sub sum_ t tail target
temp text tmp top total tup u unique v val value values w week width word words x xs y year z zero""".split()


def made_up(rng: random.Random) -> str:
    """A name of one to three parts, some of them mere syllables."""
    while True:
        parts = [
            rng.choice(NAMES) if rng.random() < 0.5 else _syllables(rng) for _ in range(rng.choice((1, 1, 2, 2, 3)))
        ]
        name = "_".join(parts) + (str(rng.randrange(10)) if rng.random() < 0.1 else "")
        if not keyword.iskeyword(name):
            return name


def _syllables(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiouy") for _ in range(rng.choice((1, 2, 2, 3))))
