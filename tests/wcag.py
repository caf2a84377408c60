"""How well colours can be told apart, as WCAG 2.2 measures it."""


def luminance(rgb):
    """Return the relative luminance of red, green and blue, each from 0 to 255."""
    shares = [channel / 255 for channel in rgb]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(*colours):
    """Return the contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)
