package dev.ringlet.examples.kv;

import java.util.Locale;

/** CLIENT and its subcommands. Static; runs on the connection that got it. */
final class ClientCommand {
  private static final Reply BAD_NAME =
      Replies.error("ERR Client names cannot contain spaces, newlines or special characters.");

  private ClientCommand() {}

  static Reply execute(Session session, byte[][] arguments) {
    String subcommand = Ascii.upper(arguments[1]);
    int words = arguments.length;
    return switch (subcommand) {
      case "ID" -> words == 2 ? Replies.integer(session.id()) : wrongArity(subcommand);
      case "INFO" -> words == 2 ? Replies.bulk(session.describe() + "\n") : wrongArity(subcommand);
      case "LIST" -> words == 2 ? list(session) : Errors.SYNTAX;
      case "GETNAME" -> words == 2 ? name(session) : wrongArity(subcommand);
      case "SETNAME" -> words == 3 ? rename(session, arguments[2]) : wrongArity(subcommand);
      case "SETINFO" -> words == 4 ? setInfo(session, arguments) : wrongArity(subcommand);
      default -> Errors.unknownSubcommand("CLIENT", arguments[1]);
    };
  }

  private static Reply wrongArity(String subcommand) {
    return Errors.wrongArity("client|" + subcommand.toLowerCase(Locale.ROOT));
  }

  private static Reply name(Session session) {
    return session.name().isEmpty() ? Replies.NIL : Replies.bulk(session.name());
  }

  private static Reply rename(Session session, byte[] name) {
    if (!isPlain(name)) {
      return BAD_NAME;
    }
    session.rename(Ascii.text(name));
    return Replies.OK;
  }

  private static Reply setInfo(Session session, byte[][] arguments) {
    String attribute = Ascii.lower(arguments[2]);
    String value = Ascii.text(arguments[3]);
    if (!isPlain(arguments[3])) {
      return Replies.error(
          "ERR " + attribute + " cannot contain spaces, newlines or special characters.");
    }
    switch (attribute) {
      case "lib-name" -> session.setLibraryName(value);
      case "lib-ver" -> session.setLibraryVersion(value);
      default -> {
        return Replies.error("ERR Unrecognized option '" + Ascii.text(arguments[2]) + "'");
      }
    }
    return Replies.OK;
  }

  private static boolean isPlain(byte[] text) {
    for (byte character : text) {
      if (character < '!' || character > '~') {
        return false;
      }
    }
    return true;
  }

  private static Reply list(Session session) {
    StringBuilder lines = new StringBuilder();
    for (Session other : session.server().clients().sessions()) {
      lines.append(other.describe()).append('\n');
    }
    return Replies.bulk(lines.toString());
  }
}
