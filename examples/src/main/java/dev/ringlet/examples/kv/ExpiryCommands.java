package dev.ringlet.examples.kv;

/** Commands on the expiry of keys. Static; each runs on the shard that owns the key. */
final class ExpiryCommands {
  private static final int FIRST_OPTION = 3;
  private static final Reply NX_ALONE =
      Replies.error("ERR NX and XX, GT or LT options at the same time are not compatible");
  private static final Reply GT_OR_LT =
      Replies.error("ERR GT and LT options at the same time are not compatible");

  private ExpiryCommands() {}

  static Reply expire(KeySpace keys, Request request, long nowMillis) {
    return expireIn(keys, request, nowMillis, 1000);
  }

  static Reply pexpire(KeySpace keys, Request request, long nowMillis) {
    return expireIn(keys, request, nowMillis, 1);
  }

  private static Reply expireIn(
      KeySpace keys, Request request, long nowMillis, long millisPerUnit) {
    Condition condition = Condition.parse(request);
    long time = request.number(2);
    if (time > Long.MAX_VALUE / millisPerUnit
        || time < Long.MIN_VALUE / millisPerUnit
        || time * millisPerUnit > Long.MAX_VALUE - nowMillis) {
      return Errors.invalidExpiry(request.spec());
    }
    long expireAt = nowMillis + time * millisPerUnit;
    Entry entry = keys.find(request.key(), nowMillis);
    if (entry == null || !condition.allows(entry.expireAt, expireAt)) {
      return Replies.ZERO;
    }
    if (expireAt <= nowMillis) {
      keys.delete(entry);
    } else {
      keys.setExpiry(entry, expireAt);
    }
    return Replies.ONE;
  }

  static Reply ttl(KeySpace keys, Request request, long nowMillis) {
    long millis = remaining(keys, request, nowMillis);
    return Replies.integer(millis < 0 ? millis : millis / 1000 + (millis % 1000 >= 500 ? 1 : 0));
  }

  static Reply pttl(KeySpace keys, Request request, long nowMillis) {
    return Replies.integer(remaining(keys, request, nowMillis));
  }

  private static long remaining(KeySpace keys, Request request, long nowMillis) {
    Entry entry = keys.find(request.key(), nowMillis);
    if (entry == null) {
      return -2;
    }
    return entry.expireAt == Entry.NEVER ? -1 : entry.expireAt - nowMillis;
  }

  static Reply persist(KeySpace keys, Request request, long nowMillis) {
    Entry entry = keys.find(request.key(), nowMillis);
    if (entry == null || entry.expireAt == Entry.NEVER) {
      return Replies.ZERO;
    }
    keys.setExpiry(entry, Entry.NEVER);
    return Replies.ONE;
  }

  /**
   * When EXPIRE may change anything. Immutable.
   *
   * @param nx only without expiry
   * @param xx only with one
   * @param gt only to later
   * @param lt only to earlier
   */
  private record Condition(boolean nx, boolean xx, boolean gt, boolean lt) {
    static Condition parse(Request request) {
      boolean nx = false;
      boolean xx = false;
      boolean gt = false;
      boolean lt = false;
      for (int i = FIRST_OPTION; i < request.count(); i++) {
        switch (Ascii.upper(request.argument(i))) {
          case "NX" -> nx = true;
          case "XX" -> xx = true;
          case "GT" -> gt = true;
          case "LT" -> lt = true;
          default ->
              throw new CommandException(
                  Replies.error("ERR Unsupported option " + Ascii.text(request.argument(i))));
        }
      }
      if (nx && (xx || gt || lt)) {
        throw new CommandException(NX_ALONE);
      }
      if (gt && lt) {
        throw new CommandException(GT_OR_LT);
      }
      return new Condition(nx, xx, gt, lt);
    }

    /** A key that does not expire counts as expiring last. */
    boolean allows(long before, long after) {
      boolean expires = before != Entry.NEVER;
      return !(nx && expires)
          && !(xx && !expires)
          && !(gt && after <= before)
          && !(lt && after >= before);
    }
  }
}
