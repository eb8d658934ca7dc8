"""The web apps, as text: a notebook in percent form and the slim page around it."""
