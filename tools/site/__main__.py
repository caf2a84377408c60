"""``python -m tools.site``: builds the page into ``dist/site``."""

from tools.site.build import OUTPUT, PROJECT, build, serving_command

build()
print(f"Built {OUTPUT.relative_to(PROJECT)}: any web server can serve it, for example")
print(f"  {serving_command()}")
print("and then open http://localhost:8000/ in a browser.")
