package sparkplatform.recovery;

/** Words about problems, for logs. */
final class Text {
    private Text() {}

    /** The problem and what it came from, on one line: stores wrap the reason that people need in several layers. */
    static String of(Throwable problem) {
        StringBuilder text = new StringBuilder();
        String last = "";
        for (Throwable one = problem; one != null; one = one.getCause()) {
            String said = one.getMessage() == null ? one.getClass().getSimpleName() : one.getMessage().replaceAll("\\s+", " ");
            if (!last.contains(said)) {
                text.append(text.isEmpty() ? "" : "; caused by: ").append(said);
                last = said;
            }
        }
        return text.toString();
    }
}
