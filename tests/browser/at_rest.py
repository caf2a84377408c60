"""What a page shows once it has come to rest: bqplot draws a chart anew after its size changed."""


def at_rest(page, read, pause=500):
    """Return what is read twice in a row, so many milliseconds apart."""
    last, now = None, read()
    while now != last:
        page.wait_for_timeout(pause)
        last, now = now, read()
    return now
