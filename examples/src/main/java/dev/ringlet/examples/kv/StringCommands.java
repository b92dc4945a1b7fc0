package dev.ringlet.examples.kv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on values. Static; each runs on the shard that owns the keys. */
final class StringCommands {
  private StringCommands() {}

  static Reply get(KeySpace keys, Request request, long nowMillis) {
    return value(keys.find(request.key(), nowMillis));
  }

  private static Reply value(@Nullable Entry entry) {
    return entry == null ? Replies.NIL : Replies.bulk(entry.value, entry.length);
  }

  static Reply set(KeySpace keys, Request request, long nowMillis) {
    SetOptions options =
        request.count() == 3 ? SetOptions.NONE : SetOptions.parse(request, nowMillis);
    Entry old = options.needsOld() ? keys.find(request.key(), nowMillis) : null;
    Reply oldValue = options.get() ? value(old) : Replies.OK;
    if ((options.onlyIfAbsent() && old != null) || (options.onlyIfPresent() && old == null)) {
      return options.get() ? oldValue : Replies.NIL;
    }
    long expireAt = options.keepExpiry() && old != null ? old.expireAt : options.expireAtMillis();
    keys.set(request.key(), request.argument(2), expireAt);
    return oldValue;
  }

  static Reply mget(KeySpace keys, Request request, long nowMillis) {
    List<Reply> values = new ArrayList<>(request.count() - 1);
    for (int i = 1; i < request.count(); i++) {
      values.add(value(keys.find(new Bytes(request.argument(i)), nowMillis)));
    }
    return Replies.array(values);
  }

  static Reply mset(KeySpace keys, Request request, long nowMillis) {
    for (int i = 1; i < request.count(); i += 2) {
      keys.set(new Bytes(request.argument(i)), request.argument(i + 1), Entry.NEVER);
    }
    return Replies.OK;
  }

  static Reply append(KeySpace keys, Request request, long nowMillis) {
    byte[] suffix = request.argument(2);
    Entry entry = keys.find(request.key(), nowMillis);
    if (entry == null) {
      keys.set(request.key(), suffix, Entry.NEVER);
      return Replies.integer(suffix.length);
    }
    if ((long) entry.length + suffix.length > keys.maxValueBytes()) {
      return Errors.STRING_TOO_LONG;
    }
    keys.append(entry, suffix);
    return Replies.integer(entry.length);
  }

  static Reply strlen(KeySpace keys, Request request, long nowMillis) {
    Entry entry = keys.find(request.key(), nowMillis);
    return entry == null ? Replies.ZERO : Replies.integer(entry.length);
  }

  static Reply incr(KeySpace keys, Request request, long nowMillis) {
    return add(keys, request, nowMillis, 1);
  }

  static Reply decr(KeySpace keys, Request request, long nowMillis) {
    return add(keys, request, nowMillis, -1);
  }

  static Reply incrBy(KeySpace keys, Request request, long nowMillis) {
    return add(keys, request, nowMillis, request.number(2));
  }

  static Reply decrBy(KeySpace keys, Request request, long nowMillis) {
    long amount = request.number(2);
    if (amount == Long.MIN_VALUE) {
      return Errors.DECREMENT_OVERFLOW;
    }
    return add(keys, request, nowMillis, -amount);
  }

  private static Reply add(KeySpace keys, Request request, long nowMillis, long amount) {
    Entry entry = keys.find(request.key(), nowMillis);
    long value = 0;
    if (entry != null) {
      if (!Ascii.isLong(entry.value, entry.length)) {
        return Errors.NOT_AN_INTEGER;
      }
      value = Ascii.parseLong(entry.value, entry.length);
    }
    long sum = value + amount;
    if (((value ^ sum) & (amount ^ sum)) < 0) {
      return Errors.OVERFLOW;
    }
    keys.set(request.key(), Ascii.decimal(sum), entry == null ? Entry.NEVER : entry.expireAt);
    return Replies.integer(sum);
  }
}
