"""Words the checks know: abbreviations that are written in capitals, and what hashtags of a town are made of."""

from __future__ import annotations

from functools import lru_cache

ABBREVIATIONS = frozenset(
    """
    ADHD AGM ASBO BAFTA BSL COSLA COVID CCTV DBS DEFRA DVLA DVSA DWP ESOL EUSS FEMA FIFA FOIA HMRC HTML HTTP HTTPS
    ICYMI IPTV JPEG LGBT LGBTQ LGBTQI LGBTQIA LGSCO NASA NATO NHTSA NICE NSPCC OFCOM OFGEM OFSTED OSHA PDFS RNIB RNID
    RNLI RSPB RSPCA SEND SEPA TUPE UEFA UNESCO UNICEF WASPI WCAG WIFI YMCA YWCA
    """.split()  # noqa: SIM905
)

VOCABULARY = frozenset(
    """
    about access action active adult advice after air all allotment and animal apply april archive area art arts ask
    at august autumn baby back bank be beach bell better bike bin bins black blood blue boat bonfire book books bridge
    budget build building bus business by cafe call calm camp canal car care career careers carers carnival carol
    castle cat centre charity check child children choir christmas church cinema city civic class clean clear climate
    close closed closure club clubs coast coffee cold come community concert council councillor councillors county
    court craft crew culture cycle cycling dance day days dark dates december deal dementia digital dog dogs down
    drive drop easter eat eco education election elections emergency energy event events fair fall family farm
    february festival fire first fish fitness flood floods flu food for forest free freeze friday friends fun future
    gallery game games garbage garden gardens get giving go good great green grit gritting group growing guide hall
    halloween happy harbour has have health heat help here heritage high hill history holiday holidays home homes
    hospital hour hours house housing how hub ice idea ideas in info is jab january job jobs join july june keep kids
    kind kindness know lake land lane learn leaves leisure library libraries life light lights live local look love
    lunch main make map march market mayor may me meet meeting memorial men mental mill minster mobile monday month
    more morning mountain museum music my national nature need neighbour neighbours new news night no november now
    nursery october of off old on one online open our out over paint pantry parade park parking parks path paper pay
    people permit pet pets picnic place plan planning plant plants play playground pool post power pride primary
    public quiet quiz race rain read reading ready recycle recycling remembrance rent repair report rescue residents
    ride right river road roads roadworks run running safe safer safety sale saturday save say school schools science
    sea season see september service services shop shopping show skate skills small snow social song sort spring
    square staff stage stars start station stay stop store storm story stories street streets strong summer sunday
    sun support survey swim swimming talk tax tea team theatre this thursday time tip tips to today together tour
    tourism town traffic trail train transport trash travel tree trees trip tuesday under up us use vaccine valley
    vaccination view village visit volunteer volunteers volunteering vote voter walk walking want warm waste watch
    water way we weather wednesday week weekend weekly welcome well wellbeing what wild wildlife wind winter with
    women wood woods work working workshop world year years yes you young your youth zero
    """.split()  # noqa: SIM905
)
SHORTEST = 3
SMALL = frozenset(["at", "be", "by", "go", "in", "is", "me", "my", "no", "of", "on", "to", "up", "us", "we"])


@lru_cache(maxsize=1024)
def split_words(letters: str) -> list[str]:
    """The fewest known words that spell these letters; empty where none do."""
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(end):
            word, before = letters[start:end], best[start]
            known = word in VOCABULARY and (len(word) >= SHORTEST or word in SMALL)
            if before is not None and known and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = [*before, word]
    return best[-1] or []
