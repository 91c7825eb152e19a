"""Words that sound like abuse of a person or like danger to one: all that a watch on a key worker may hear."""

from __future__ import annotations

from functools import lru_cache

from engagement.wordmatch import Phrases

ABUSE = (
    *("bastard*", "bitch*", "cunt*", "dickhead*", "fuck*", "idiot", "moron", "nonce", "paedo", "pedo", "pervert"),
    *("prick", "scum*", "slag", "slut", "twat", "wanker*", "whore", "piece of shit", "useless cow", "fat cow"),
    *("go back to your country", "go back where you came from", "shame on her", "name and shame"),
)
DANGER = (
    *("kill*", "stab", "stabbed", "stabbing", "shoot him", "shoot her", "shoot them", "shot dead", "strangle*"),
    *("beat up", "beat him", "beat her", "beat them", "smash his", "smash her", "punch him", "punch her"),
    *("burn down", "burn his", "burn her", "throw acid", "acid attack", "petrol bomb*", "bomb*", "knife", "gun"),
    *("rape", "raped", "rapist", "follow her home", "follow him home", "know where you live", "knows where you live"),
    *("where she lives", "where he lives", "where they live", "home address", "her school run", "his school run"),
    *("get what is coming", "get what's coming", "watch your back", "watch her back", "watch his back"),
    *("deserves a slap", "deserves a kicking", "deserves to die", "should be shot", "hope you die", "make her pay"),
    *("make him pay", "wait for her", "wait for him", "threat*", "stalk*", "harass*", "assault*", "attack*"),
)


@lru_cache(maxsize=1)
def words() -> Phrases:
    return Phrases((*DANGER, *ABUSE))
