"""A training lab that is shown, set and waited for in one cell, and answers in the meantime."""

from playwright.sync_api import expect
from training_lab_view import TrainingLabView

SHOWN_FIRST = """first = hpt.TrainingLab(data)
first.show()
first.set(epochs={epochs}, training_size={size})
first.wait()
print("the cell has ended")"""


def check_it_answers_while_its_cell_waits(notebook, place):
    """Run this cell: the stop button ends its wait, and the lab is built only once."""
    notebook.begin_cell(place)
    cell = notebook.cell(place)
    root = cell.locator(".hpt-lab")
    lab = TrainingLabView(notebook.page, within=cell)
    expect(lab.status).to_contain_text("Training")
    root.evaluate("lab => { lab.dataset.first = ''; }")
    lab.slider(0).focus()
    lab.wait_for_new_curve("")
    output = cell.locator(".jp-OutputArea-output")
    expect(output.get_by_text("the cell has ended")).to_have_count(0)
    lab.button("stop").click()
    expect(output.get_by_text("the cell has ended")).to_be_visible()
    expect(lab.status).to_contain_text("Stopped")
    expect(root).to_have_count(1)
    assert root.get_attribute("data-first") == ""
