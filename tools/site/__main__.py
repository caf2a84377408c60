"""``python -m tools.site``: builds the page into ``dist/site``."""

from tools.site.build import OUTPUT, PROJECT, build

build()
print(f"Built {OUTPUT.relative_to(PROJECT)}: any web server can serve it, for example")
print(f"  python -m http.server --directory {OUTPUT.relative_to(PROJECT)} 8000")
