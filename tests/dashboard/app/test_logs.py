import logging

from analytics.dashboard.app.logs import keep_content_out, without_messages


def failing() -> None:
    try:
        int("private cell")
    except ValueError as error:
        raise RuntimeError("about private cell") from error


def test_a_traceback_names_places_and_types_but_no_content() -> None:
    try:
        failing()
    except RuntimeError as error:
        shown = without_messages(error)
    assert "in failing" in shown
    assert "ValueError" in shown
    assert "RuntimeError" in shown
    assert "about private cell" not in shown.replace('raise RuntimeError("about private cell")', "")
    assert "invalid literal" not in shown


def test_every_logger_keeps_content_out(caplog) -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_content_out()
        keep_content_out()
        try:
            {}["private key"]
        except KeyError:
            logging.getLogger("any.library").exception("Failed")
        assert "KeyError" in caplog.text
        assert caplog.text.count("private key") == 1  # the line of code above, not the message
    finally:
        logging.setLogRecordFactory(before)
