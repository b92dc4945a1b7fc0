package dev.ringlet.examples.kv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on keys whatever their values. Static; each runs on the shard that owns the keys. */
final class KeyCommands {
  private static final Reply STRING = Replies.simple("string");
  private static final Reply NO_TYPE = Replies.simple("none");
  private static final int DEFAULT_SCAN_COUNT = 10;
  private static final int FIRST_SCAN_OPTION = 2;

  private KeyCommands() {}

  static Reply del(KeySpace keys, Request request, long nowMillis) {
    long deleted = 0;
    for (int i = 1; i < request.count(); i++) {
      Entry entry = keys.find(new Bytes(request.argument(i)), nowMillis);
      if (entry != null) {
        keys.delete(entry);
        deleted++;
      }
    }
    return Replies.integer(deleted);
  }

  static Reply exists(KeySpace keys, Request request, long nowMillis) {
    long found = 0;
    for (int i = 1; i < request.count(); i++) {
      found += keys.find(new Bytes(request.argument(i)), nowMillis) == null ? 0 : 1;
    }
    return Replies.integer(found);
  }

  static Reply type(KeySpace keys, Request request, long nowMillis) {
    return keys.find(request.key(), nowMillis) == null ? NO_TYPE : STRING;
  }

  static Reply dbSize(KeySpace keys, Request request, long nowMillis) {
    return Replies.integer(keys.size());
  }

  static Reply flushAll(KeySpace keys, Request request, long nowMillis) {
    boolean known =
        request.count() == 1
            || (request.count() == 2
                && (Ascii.is(request.argument(1), "SYNC")
                    || Ascii.is(request.argument(1), "ASYNC")));
    if (!known) {
      return Errors.SYNTAX;
    }
    keys.clear();
    return Replies.OK;
  }

  /** What a shard contributes to INFO: see {@link InfoReply}. */
  static Reply info(KeySpace keys, Request request, long nowMillis) {
    LogStats log = keys.logStats();
    return Replies.array(
        Replies.integer(keys.size()),
        Replies.integer(keys.expiringCount()),
        Replies.integer(keys.usedBytes()),
        Replies.integer(keys.expiredCount()),
        Replies.integer(log.sizeBytes),
        Replies.integer(keys.logBytes()),
        Replies.integer(log.compacting ? 1 : 0),
        Replies.integer(log.compactions),
        Replies.integer(log.failures),
        Replies.integer(log.compactingMillis),
        Replies.integer(log.savedBytes));
  }

  /** Takes and answers a position within the shard; the connection makes a cursor of it. */
  static Reply scan(KeySpace keys, Request request, long nowMillis) {
    long count = DEFAULT_SCAN_COUNT;
    @Nullable Glob pattern = null;
    boolean strings = true;
    for (int i = FIRST_SCAN_OPTION; i < request.count(); i += 2) {
      byte[] option = request.argument(i);
      boolean hasValue = i + 1 < request.count();
      if (Ascii.is(option, "COUNT") && hasValue) {
        count = request.number(i + 1);
        if (count < 1) {
          return Errors.SYNTAX;
        }
      } else if (Ascii.is(option, "MATCH") && hasValue) {
        pattern = new Glob(request.argument(i + 1));
      } else if (Ascii.is(option, "TYPE") && hasValue) {
        strings = Ascii.is(request.argument(i + 1), "STRING");
      } else {
        return Errors.SYNTAX;
      }
    }
    return scan(keys, request.number(1), count, pattern, strings, nowMillis);
  }

  private static Reply scan(
      KeySpace keys,
      long position,
      long count,
      @Nullable Glob pattern,
      boolean strings,
      long nowMillis) {
    List<Reply> found = new ArrayList<>();
    long next =
        keys.scan(
            position,
            count,
            nowMillis,
            entry -> {
              if (strings && (pattern == null || pattern.matches(entry.key.array()))) {
                found.add(Replies.bulk(entry.key.array()));
              }
            });
    return Replies.array(Replies.integer(next), Replies.array(found));
  }
}
