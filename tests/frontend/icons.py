"""Draws the page's icons as systems want them, from our own SVG: `make icons`."""

import io

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.frontend.conftest import ARGUMENTS
from tests.servers import ROOT, chromium_path

IMG = ROOT / "frontend" / "img"
# Systems cut a maskable icon to their own shape; an iPhone's home screen takes no transparency either.
ICONS = {
    "icon-192": ("icon", 192),
    "icon-512": ("icon", 512),
    "icon-maskable-192": ("icon-maskable", 192),
    "icon-maskable-512": ("icon-maskable", 512),
    "icon-apple": ("icon-maskable", 180),
}


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for name, (drawing, size) in ICONS.items():
            page = chromium.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<style>body {{ margin: 0 }}</style>{(IMG / drawing).with_suffix('.svg').read_text()}"
            )
            picture = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
            picture.quantize(64).save(IMG / f"{name}.png", optimize=True)
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
