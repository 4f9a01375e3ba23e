/** What every script begins with: reading its data, and drawing in points of the figure, from its upper left corner. */
export const prelude = String.raw`
import itertools
import sys
from pathlib import Path

import matplotlib

if __name__ == "__main__":
    matplotlib.use("Agg")
import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Polygon, Rectangle

here = Path(__file__)
data = np.load(here.with_suffix(".npz"))
installed = {font.name for font in font_manager.fontManager.ttflist}
plt.rcParams["font.family"] = [name for name in FAMILIES if name in installed]
# DejaVu Sans, which is always there, is a tenth wider than the others.
shrink = 0.9 if plt.rcParams["font.family"][0] == "DejaVu Sans" else 1
plt.rcParams["mathtext.fontset"] = "stix"
plt.rcParams["mathtext.default"] = "regular"
plt.rcParams["axes.unicode_minus"] = True
plt.rcParams["pdf.fonttype"] = 42
# Dashes are in points, however wide their line.
plt.rcParams["lines.scale_dashes"] = False
figure = plt.figure(figsize=(WIDTH / 72, HEIGHT / 72), facecolor="white")

# What is drawn later lies above, where matplotlib would have axes below and words above all else.
layers = itertools.count()


def across(x):
    return np.asarray(x) / WIDTH


def upwards(y):
    return 1 - np.asarray(y) / HEIGHT


def words(x, y, text, size, color, ha="left", weight="normal", halo=None):
    path = [effects.withStroke(linewidth=halo, foreground="white")] if halo else None
    return figure.text(across(x), upwards(y), text, fontsize=shrink * size, color=color, ha=ha, va="baseline", weight=weight, path_effects=path, zorder=next(layers))


def line(xs, ys, color, width=1, dashes=None):
    drawn = Line2D(across(xs), upwards(ys), color=color, linewidth=width, transform=figure.transFigure, zorder=next(layers))
    drawn.set_linestyle((0, dashes) if dashes else "solid")
    return figure.add_artist(drawn)


def rectangle(x, y, width, height, fill, alpha=1):
    corner = (across(x), upwards(y + height))
    return figure.add_artist(Rectangle(corner, width / WIDTH, height / HEIGHT, facecolor=fill, alpha=alpha, edgecolor="none", transform=figure.transFigure, zorder=next(layers)))


def polygon(xs, ys, fill, alpha=1):
    corners = np.column_stack([across(xs), upwards(ys)])
    return figure.add_artist(Polygon(corners, closed=True, facecolor=fill, alpha=alpha, edgecolor="none", transform=figure.transFigure, zorder=next(layers)))


def circle(x, y, radius, fill=None, color="none", width=1, dashes=None, alpha=1):
    size = (2 * radius / WIDTH, 2 * radius / HEIGHT)
    look = dict(facecolor=fill or "none", edgecolor=color, linewidth=width if color != "none" else 0, alpha=alpha)
    return figure.add_artist(Ellipse((across(x), upwards(y)), *size, transform=figure.transFigure, zorder=next(layers), **look))


def axes(x, y, width, height, color="#63676b", line_width=0.4):
    made = figure.add_axes([x / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT], facecolor="none", zorder=next(layers))
    for side, spine in made.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_linewidth(line_width)
        spine.set_color(color)
    return made


def scale(axis, kind, limits, zero=None):
    """A log axis may have a place for 0, so many decades below its lower end."""
    low, high = limits
    if zero is not None:
        bottom = 10 ** (np.log10(low) - zero)
        forward = lambda v: np.log10(np.where(np.asarray(v, float) > 0, np.maximum(v, low), np.where(np.asarray(v) == 0, bottom, np.nan)))
        inverse = lambda v: np.where(np.asarray(v) < np.log10(low) - zero / 2, 0, 10.0 ** np.asarray(v))
        getattr(axis.axes, f"set_{axis.axis_name}scale")("function", functions=(forward, inverse))
        low = 0
    else:
        options = {"nonpositive": "mask"} if kind == "log" else {}
        getattr(axis.axes, f"set_{axis.axis_name}scale")(kind, **options)
    getattr(axis.axes, f"set_{axis.axis_name}lim")(low, high)


def ticks(axis, at, labels, minor, size, color="#4e5256", line_color="#63676b", width=0.4):
    axis.set_major_locator(matplotlib.ticker.FixedLocator(at))
    axis.set_major_formatter(matplotlib.ticker.FixedFormatter(labels))
    axis.set_minor_locator(matplotlib.ticker.FixedLocator(minor))
    axis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    axis.set_tick_params("major", length=2, width=width, labelsize=shrink * size, color=line_color, labelcolor=color, pad=1.5)
    axis.set_tick_params("minor", length=1.2, width=width, color=line_color)


def curve(ax, name, label, color, width, order, dashes=None, alpha=1):
    (drawn,) = ax.plot(data[name + "_x"], data[name + "_y"], color=color, linewidth=width, alpha=alpha, label=label, zorder=2 + order / 10)
    drawn.set_dash_capstyle("butt")
    drawn.set_linestyle((0, dashes) if dashes else "solid")
    return drawn


def dots(ax, name, label, color, size, order, clip=True):
    return ax.plot(data[name + "_x"], data[name + "_y"], "o", color=color, markersize=size, markeredgewidth=0, label=label, zorder=2 + order / 10, clip_on=clip)


def band(ax, name, color, alpha):
    low, high = data[name + "_low"], data[name + "_high"]
    if ax.get_yscale() != "linear":
        low = np.where(low > 0, low, ax.get_ylim()[0])
    return ax.fill_between(data[name + "_x"], low, high, color=color, alpha=alpha, linewidth=0, zorder=1.5)


def matrix(x, y, width, height, name, stops, low, high):
    ax = axes(x, y, width, height)
    colors = LinearSegmentedColormap.from_list(name, stops, N=1024)
    colors.set_bad("#c8c8c8")
    shown = np.ma.masked_invalid(data[name])
    ax.imshow(shown, cmap=colors, vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    frame(ax)
    return ax


def cells(ax, name, line_width):
    """Of each corner: the number of its cell, and its place on both axes."""
    cell, x, y = data[name + "_outlines"].T
    corners = np.split(np.column_stack([x, y]), np.flatnonzero(np.diff(cell)) + 1)
    colors = data[name + "_colors"][np.unique(cell).astype(int)]
    ax.add_collection(PolyCollection(corners, facecolors=colors, edgecolors=colors, linewidths=line_width, zorder=1), autolim=False)
    frame(ax)


def upright(x, y, height, side, color="#63676b", line_width=0.4):
    """An axis alone, its labels to one side of it."""
    made = figure.add_axes([x / WIDTH, 1 - (y + height) / HEIGHT, 1e-6, height / HEIGHT], facecolor="none", zorder=next(layers))
    for name, spine in made.spines.items():
        spine.set_visible(name == side)
        spine.set_linewidth(line_width)
        spine.set_color(color)
    made.xaxis.set_visible(False)
    made.yaxis.set_ticks_position(side)
    return made


def halo(axis):
    for label in axis.get_ticklabels():
        label.set_path_effects([effects.withStroke(linewidth=2, foreground="white")])


def lines_across(axes, name, colors, width, back_width, beyond, back, dashes, alpha=1):
    """Of each row the pieces between neighboring axes, broken to what is only known to lie beyond, at the heights of its values; below the axes."""
    below = axes[0].get_zorder() - 0.5
    values, is_beyond = data[name + "_values"], data[name + "_beyond"] > 0
    group, kept = data[name + "_group"].astype(int), data[name + "_kept"] > 0
    to_figure = figure.transFigure.inverted()
    x = np.array([ax.get_position().x0 for ax in axes])
    with np.errstate(all="ignore"):
        y = np.column_stack([
            to_figure.transform(ax.transData.transform(np.column_stack([np.zeros(len(values)), values[:, k]])))[:, 1]
            for k, ax in enumerate(axes)
        ])
    is_met = np.isfinite(values) & np.isfinite(y)
    has_piece = is_met[:, :-1] & is_met[:, 1:]
    pieces = np.stack([np.stack([np.broadcast_to(x[:-1], has_piece.shape), y[:, :-1]], -1), np.stack([np.broadcast_to(x[1:], has_piece.shape), y[:, 1:]], -1)], -2)
    is_alone = is_met & ~np.pad(has_piece, ((0, 0), (1, 0))) & ~np.pad(has_piece, ((0, 0), (0, 1)))
    for rows, is_kept in ((~kept, False), (kept, True)):
        look = dict(linewidths=width if is_kept else back_width, alpha=alpha if is_kept else 1, transform=figure.transFigure, zorder=below)
        for broken in (False, True):
            chosen = has_piece & (is_beyond[:, 1:] == broken) & rows[:, None]
            owner = np.nonzero(chosen)[0]
            inks = [back if not is_kept else beyond if broken else colors[group[row]] for row in owner]
            drawn = LineCollection(pieces[chosen], colors=inks, **look)
            drawn.set_linestyle((0, dashes) if broken else "solid")
            figure.add_artist(drawn)
        for row, k in zip(*np.nonzero(is_alone & rows[:, None])):
            at = (x[k] * WIDTH, (1 - y[row, k]) * HEIGHT)
            circle(*at, 0.9, fill=colors[group[row]] if is_kept else back).set_zorder(below)


def color_bar(x, y, width, height, stops):
    ax = axes(x, y, width, height)
    ax.imshow(np.linspace(1, 0, 256)[:, None], cmap=LinearSegmentedColormap.from_list("bar", stops, N=1024), aspect="auto")
    ax.set(xticks=[], yticks=[])
    frame(ax)
    return ax


def frame(ax):
    for spine in ax.spines.values():
        spine.set_visible(True)
`.trimStart()

/** What every script ends with: a file beside it, or one that is named. */
export const closing = String.raw`
if __name__ == "__main__":
    targets = sys.argv[1:] or [here.with_name(here.stem + "-matplotlib.pdf")]
    for target in targets:
        figure.savefig(target, dpi=300)
`.trimStart()
