"""The only code that imports Streamlit, apart from the pages."""
