package dev.ringlet.examples.kv;

/** The server cannot start; the message tells the user why and what to do. */
final class KvStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Exit code for data that cannot be used. */
  static final int DATA_UNUSABLE = 1;

  /** Exit code for settings that cannot work. */
  static final int BAD_SETTING = 2;

  private final int exitCode;

  private KvStartException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A setting, or something outside that it names, prevents the start. */
  static KvStartException badSetting(String message) {
    return new KvStartException(BAD_SETTING, message);
  }

  /** The data is damaged. */
  static KvStartException dataUnusable(String message) {
    return new KvStartException(DATA_UNUSABLE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
