package dev.ringlet.examples.kv;

/**
 * What follows key and value in SET. Immutable.
 *
 * @param onlyIfAbsent NX
 * @param onlyIfPresent XX
 * @param get GET: answer the old value
 * @param keepExpiry KEEPTTL
 * @param expireAtMillis from EX, PX, EXAT or PXAT, else {@link Entry#NEVER}
 */
record SetOptions(
    boolean onlyIfAbsent,
    boolean onlyIfPresent,
    boolean get,
    boolean keepExpiry,
    long expireAtMillis) {
  static final SetOptions NONE = new SetOptions(false, false, false, false, Entry.NEVER);

  private static final int FIRST_OPTION = 3;

  /** Whether SET has to look at what is there. */
  boolean needsOld() {
    return onlyIfAbsent || onlyIfPresent || get || keepExpiry;
  }

  static SetOptions parse(Request request, long nowMillis) {
    boolean nx = false;
    boolean xx = false;
    boolean get = false;
    boolean keep = false;
    String unit = "";
    int time = 0;
    for (int i = FIRST_OPTION; i < request.count(); i++) {
      String option = Ascii.upper(request.argument(i));
      boolean hasNext = i + 1 < request.count();
      if (option.equals("NX") && !xx) {
        nx = true;
      } else if (option.equals("XX") && !nx) {
        xx = true;
      } else if (option.equals("GET")) {
        get = true;
      } else if (option.equals("KEEPTTL") && unit.isEmpty()) {
        keep = true;
      } else if (isUnit(option) && hasNext && !keep && (unit.isEmpty() || unit.equals(option))) {
        unit = option;
        time = ++i;
      } else {
        throw new CommandException(Errors.SYNTAX);
      }
    }
    long expireAt = unit.isEmpty() ? Entry.NEVER : expireAt(request, unit, time, nowMillis);
    return new SetOptions(nx, xx, get, keep, expireAt);
  }

  private static boolean isUnit(String option) {
    return switch (option) {
      case "EX", "PX", "EXAT", "PXAT" -> true;
      default -> false;
    };
  }

  private static long expireAt(Request request, String unit, int index, long nowMillis) {
    long time = request.number(index);
    boolean seconds = unit.startsWith("EX");
    boolean relative = unit.length() == 2;
    if (time <= 0 || (seconds && time > Long.MAX_VALUE / 1000)) {
      throw new CommandException(Errors.invalidExpiry(request.spec()));
    }
    long millis = seconds ? time * 1000 : time;
    if (relative && millis > Long.MAX_VALUE - nowMillis) {
      throw new CommandException(Errors.invalidExpiry(request.spec()));
    }
    return relative ? millis + nowMillis : millis;
  }
}
