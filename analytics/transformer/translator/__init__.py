"""The packaged English-French Transformer: its weights, its vocabulary, and how it is loaded."""

from analytics.transformer.translator.loading import Translator, load_translator
from analytics.transformer.translator.vocabulary import Vocabulary

__all__ = ["Translator", "Vocabulary", "load_translator"]
