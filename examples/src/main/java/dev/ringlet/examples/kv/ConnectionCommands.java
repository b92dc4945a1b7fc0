package dev.ringlet.examples.kv;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands that need no key. Static; each runs on the connection that got it. */
final class ConnectionCommands {
  private ConnectionCommands() {}

  static Reply ping(Session session, byte[][] arguments) {
    return switch (arguments.length) {
      case 1 -> Replies.PONG;
      case 2 -> Replies.bulk(arguments[1]);
      default -> Errors.wrongArity("ping");
    };
  }

  static Reply echo(Session session, byte[][] arguments) {
    return Replies.bulk(arguments[1]);
  }

  static Reply select(Session session, byte[][] arguments) {
    long index = Request.number(arguments[1]);
    if (index != (int) index) {
      return Errors.NOT_AN_INT;
    }
    return index == 0 ? Replies.OK : Errors.DB_INDEX;
  }

  static Reply quit(Session session, byte[][] arguments) {
    session.close();
    return Replies.OK;
  }

  static Reply config(Session session, byte[][] arguments) {
    if (!Ascii.is(arguments[1], "GET")) {
      return Errors.unknownSubcommand("CONFIG", arguments[1]);
    }
    if (arguments.length < 3) {
      return Errors.wrongArity("config|get");
    }
    List<Reply> found = new ArrayList<>();
    settings(session.server().config())
        .forEach(
            (name, value) -> {
              if (matchesAny(arguments, name)) {
                found.add(Replies.bulk(name));
                found.add(Replies.bulk(value));
              }
            });
    return Replies.array(found);
  }

  private static boolean matchesAny(byte[][] arguments, String name) {
    for (int i = 2; i < arguments.length; i++) {
      if (new Glob(Ascii.bytes(Ascii.lower(arguments[i]))).matches(Ascii.bytes(name))) {
        return true;
      }
    }
    return false;
  }

  /** In the names that clients and tools of Redis ask for. */
  private static Map<String, String> settings(KvConfig config) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("appendfsync", config.fsync().label());
    settings.put("appendonly", "yes");
    settings.put("bind", config.bind());
    settings.put("databases", "1");
    settings.put("dir", config.data().toString());
    settings.put("io-threads", Integer.toString(config.shards()));
    settings.put("maxclients", Integer.toString(config.maxClients()));
    settings.put("maxmemory", Long.toString(config.maxMemoryBytes()));
    settings.put("maxmemory-policy", "noeviction");
    settings.put("port", Integer.toString(config.port()));
    settings.put("proto-max-bulk-len", Integer.toString(config.limits().valueBytes()));
    settings.put("save", "");
    settings.put("timeout", "0");
    return settings;
  }
}
