"""Drawings for the trial's posts, made here so that nothing has to be shipped: flat shapes in the town's colours."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

SIZE = (1200, 750)
Draw = ImageDraw.ImageDraw

SKY, HILL, DEEP, SAND = "#dcebea", "#7aa79b", "#1f5b61", "#efe4cf"
AMBER, RUST, INK, WHITE = "#e0a33e", "#b5533c", "#20343a", "#fbf8f2"

ALT = {
    "bins": "Three wheeled bins with green, brown and blue lids in a row on a pavement.",
    "street": "A drawing of a high street with four shop fronts, awnings and a row of trees.",
    "pond": "Mill Pond with a reed bed on the left and low green hills behind it.",
    "heron": "A grey heron standing in the reeds at the edge of Mill Pond.",
    "calendar": "A month page with collection days marked in green, brown and blue.",
    "grit": "A yellow gritting lorry on a dark road with snow falling.",
    "youth": "Bunting over a stage with two large loudspeakers.",
    "market": "Striped market stalls side by side under a pale sky.",
    "bike": "A bicycle leaning against a low wall beside a path.",
    "plots": "Allotment rows seen from above, each a different green.",
    "mill": "The old water mill with its wheel, and the weir in front.",
    "lights": "Strings of lantern lights across a dark square.",
}


def picture(name: str) -> bytes:
    """The drawing of this name as PNG bytes; the same name always gives the same picture."""
    image = Image.new("RGB", SIZE, DEEP if name in {"grit", "lights", "youth"} else SKY)
    draw, dice = ImageDraw.Draw(image), random.Random(name)  # noqa: S311  a drawing, not a secret
    DRAWINGS[name](draw, dice)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _hills(draw: Draw, dice: random.Random) -> None:
    for colour, top in ((HILL, 330), ("#5c8f84", 420)):
        for _ in range(5):
            x, wide = dice.randint(-200, 1100), dice.randint(500, 800)
            draw.ellipse((x, top - dice.randint(0, 60), x + wide, top + 500), fill=colour)
    draw.ellipse((930, 90, 1050, 210), fill=AMBER)


def _pond(draw: Draw, dice: random.Random) -> None:
    _hills(draw, dice)
    draw.ellipse((-200, 480, 1400, 1000), fill="#3f8089")
    for _ in range(90):
        x = dice.randint(0, 420)
        draw.line((x, 640, x + dice.randint(-12, 12), 640 - dice.randint(60, 190)), fill=DEEP, width=5)


def _heron(draw: Draw, dice: random.Random) -> None:
    _pond(draw, dice)
    draw.ellipse((640, 330, 860, 450), fill="#8a9aa0")
    draw.line((660, 370, 590, 210, 600, 190), fill="#8a9aa0", width=26)
    draw.ellipse((570, 160, 640, 215), fill="#cfd8da")
    draw.polygon((575, 185, 480, 200, 575, 203), fill=AMBER)
    for x in (730, 770):
        draw.line((x, 440, x, 640), fill=INK, width=8)


def _bins(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 560, 1200, 750), fill=SAND)
    for x, lid in ((180, "#3c8d5a"), (490, "#7d5a3c"), (800, "#37669b")):
        draw.polygon((x, 260, x + 220, 260, x + 195, 620, x + 25, 620), fill=INK)
        draw.rounded_rectangle((x - 15, 210, x + 235, 265), 16, fill=lid)
        draw.ellipse((x + 20, 590, x + 75, 645), fill="#55666b")


def _street(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 600, 1200, 750), fill="#b9bfb9")
    for i, colour in enumerate((RUST, SAND, HILL, AMBER)):
        x = 40 + i * 285
        draw.rectangle((x, 180 + dice.randint(0, 60), x + 265, 600), fill=colour)
        draw.rectangle((x + 25, 400, x + 240, 600), fill=WHITE)
        for stripe in range(6):
            left = x + 10 + stripe * 42
            draw.rectangle((left, 350, left + 41, 400), fill=DEEP if stripe % 2 else WHITE)
    for x in (325, 610, 895):
        draw.rectangle((x - 6, 520, x + 6, 640), fill="#6b4a33")
        draw.ellipse((x - 60, 400, x + 60, 540), fill="#4f8a6a")


def _calendar(draw: Draw, dice: random.Random) -> None:
    draw.rounded_rectangle((150, 60, 1050, 700), 24, fill=WHITE)
    draw.rectangle((150, 60, 1050, 170), fill=DEEP)
    for row in range(5):
        for column in range(7):
            x, y = 185 + column * 121, 195 + row * 98
            marked = {1: "#3c8d5a", 2: "#3c8d5a", 3: "#7d5a3c"}.get(column) if row % 2 else {4: "#37669b"}.get(column)
            draw.rounded_rectangle((x, y, x + 104, y + 82), 10, fill=marked or SKY)


def _grit(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 560, 1200, 750), fill="#33474c")
    draw.rounded_rectangle((250, 330, 720, 580), 20, fill=AMBER)
    draw.rounded_rectangle((730, 380, 950, 580), 20, fill="#d28f22")
    draw.rectangle((800, 410, 920, 480), fill=SKY)
    for x in (350, 560, 850):
        draw.ellipse((x - 60, 530, x + 60, 650), fill=INK)
    for _ in range(240):
        x, y = dice.randint(0, 1200), dice.randint(0, 750)
        draw.ellipse((x, y, x + 7, y + 7), fill=WHITE)


def _youth(draw: Draw, dice: random.Random) -> None:
    for i in range(12):
        draw.polygon((i * 100, 90, i * 100 + 100, 90, i * 100 + 50, 200), fill=dice.choice((AMBER, RUST, HILL, SAND)))
    draw.rectangle((0, 600, 1200, 750), fill="#123c41")
    for x in (180, 820):
        draw.rounded_rectangle((x, 300, x + 200, 620), 14, fill=INK)
        draw.ellipse((x + 35, 330, x + 165, 460), fill="#55666b")
        draw.ellipse((x + 60, 490, x + 140, 570), fill="#55666b")


def _market(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 590, 1200, 750), fill=SAND)
    for i, colour in enumerate((RUST, DEEP, AMBER, "#6b4a7a")):
        x = 40 + i * 290
        for stripe in range(6):
            left = x + stripe * 43
            draw.polygon(
                (left + 10, 260, left + 43, 260, left + 43, 370, left, 370), fill=colour if stripe % 2 else WHITE
            )
        draw.rectangle((x + 10, 370, x + 22, 620), fill="#6b4a33")
        draw.rectangle((x + 236, 370, x + 248, 620), fill="#6b4a33")
        draw.rectangle((x + 10, 500, x + 248, 560), fill="#9a7350")


def _bike(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 300, 1200, 520), fill="#c9b49a")
    draw.rectangle((0, 520, 1200, 750), fill="#8fb0a6")
    for x in (330, 720):
        draw.ellipse((x, 400, x + 260, 660), outline=INK, width=14)
    draw.line((460, 530, 580, 380, 800, 380, 640, 530, 460, 530), fill=RUST, width=14, joint="curve")
    draw.line((850, 530, 790, 340, 850, 320), fill=RUST, width=14)
    draw.line((640, 530, 560, 340), fill=RUST, width=14)
    draw.rounded_rectangle((510, 320, 620, 345), 12, fill=INK)


def _plots(draw: Draw, dice: random.Random) -> None:
    for row in range(5):
        for column in range(6):
            x, y = column * 200, row * 150
            green = dice.choice(("#4f8a6a", "#7aa86b", "#9abf7c", "#3c6e57", "#b5a05c"))
            draw.rectangle((x + 8, y + 8, x + 192, y + 142), fill=green)
            for line in range(5):
                draw.line((x + 20, y + 24 + line * 26, x + 180, y + 24 + line * 26), fill=DEEP, width=4)


def _mill(draw: Draw, dice: random.Random) -> None:
    _hills(draw, dice)
    draw.rectangle((300, 240, 720, 620), fill="#b98d6c")
    draw.polygon((270, 250, 510, 90, 750, 250), fill=RUST)
    draw.ellipse((640, 380, 900, 640), outline="#5a4230", width=22)
    draw.line((770, 380, 770, 640), fill="#5a4230", width=12)
    draw.line((640, 510, 900, 510), fill="#5a4230", width=12)
    draw.rectangle((0, 620, 1200, 750), fill="#3f8089")


def _lights(draw: Draw, dice: random.Random) -> None:
    for row in range(4):
        y = 120 + row * 130
        draw.arc((-100, y - 200, 1300, y + 60), 20, 160, fill="#0f2f33", width=5)
        for i in range(16):
            x = 30 + i * 76
            drop = int(60 - ((i - 7.5) ** 2) * 1.2)
            draw.ellipse((x, y + drop - 20, x + 34, y + drop + 22), fill=dice.choice((AMBER, "#f2d48a", WHITE)))


DRAWINGS = {
    "bins": _bins,
    "street": _street,
    "pond": _pond,
    "heron": _heron,
    "calendar": _calendar,
    "grit": _grit,
    "youth": _youth,
    "market": _market,
    "bike": _bike,
    "plots": _plots,
    "mill": _mill,
    "lights": _lights,
}
