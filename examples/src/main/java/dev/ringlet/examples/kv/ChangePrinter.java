package dev.ringlet.examples.kv;

import java.io.PrintWriter;
import java.util.Arrays;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Prints the changes of all shards as commands that would make them. Static.
 *
 * <p>Printing has a thread of its own, since a terminal may stop taking output and an executor must
 * not wait for it. While the printer lags behind it has no demand, and the changes stay in the
 * logs.
 */
final class ChangePrinter {
  private static final int MAX_SHOWN_BYTES = 128;

  private ChangePrinter() {}

  static Disposable start(KvServer server, PrintWriter out) {
    return Flux.merge(ChangeFeed.of(server, false))
        .publishOn(Schedulers.newSingle("changes", true))
        .subscribe(
            change -> {
              out.println(describe(change));
              out.flush();
            },
            failure -> {
              out.println("the change feed has ended: " + failure);
              out.flush();
            });
  }

  static String describe(Mutation change) {
    if (change instanceof Mutation.Set set) {
      String expiry = set.expireAtMillis() == Entry.NEVER ? "" : " PXAT " + set.expireAtMillis();
      return "SET " + quote(set.key().array()) + ' ' + quote(set.value()) + expiry;
    } else if (change instanceof Mutation.Delete delete) {
      return "DEL " + quote(delete.key().array());
    } else if (change instanceof Mutation.Append append) {
      return "APPEND " + quote(append.key().array()) + ' ' + quote(append.suffix());
    } else if (change instanceof Mutation.ExpireAt expire) {
      String key = quote(expire.key().array());
      return expire.expireAtMillis() == Entry.NEVER
          ? "PERSIST " + key
          : "PEXPIREAT " + key + ' ' + expire.expireAtMillis();
    }
    return "FLUSHALL";
  }

  private static String quote(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte next : Arrays.copyOf(bytes, Math.min(bytes.length, MAX_SHOWN_BYTES))) {
      char letter = (char) (next & 0xFF);
      if (letter == '"' || letter == '\\') {
        text.append('\\').append(letter);
      } else if (letter >= ' ' && letter <= '~') {
        text.append(letter);
      } else {
        text.append(String.format("\\x%02x", (int) letter));
      }
    }
    text.append('"');
    int hidden = bytes.length - MAX_SHOWN_BYTES;
    return hidden > 0 ? text + "... (" + hidden + " more bytes)" : text.toString();
  }
}
