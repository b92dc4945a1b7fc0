package dev.ringlet.examples.kv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COMMAND and its subcommands: the server's commands, for clients. Static. */
final class CommandCommand {
  private static final int FIRST_NAME = 2;

  private CommandCommand() {}

  static Reply execute(Session session, byte[][] arguments) {
    CommandTable table = CommandTable.INSTANCE;
    if (arguments.length == 1) {
      return all(table.commands());
    }
    return switch (Ascii.upper(arguments[1])) {
      case "COUNT" -> Replies.integer(table.commands().size());
      case "LIST" -> names(table.commands());
      case "INFO" -> arguments.length == 2 ? all(table.commands()) : info(table, arguments);
      case "DOCS" -> docs(table, arguments);
      default -> Errors.unknownSubcommand("COMMAND", arguments[1]);
    };
  }

  private static Reply all(Collection<CommandSpec> commands) {
    List<Reply> replies = new ArrayList<>();
    commands.forEach(command -> replies.add(describe(command)));
    return Replies.array(replies);
  }

  private static Reply names(Collection<CommandSpec> commands) {
    List<Reply> replies = new ArrayList<>();
    commands.forEach(command -> replies.add(Replies.bulk(command.name())));
    return Replies.array(replies);
  }

  private static Reply info(CommandTable table, byte[][] arguments) {
    List<Reply> replies = new ArrayList<>();
    for (int i = FIRST_NAME; i < arguments.length; i++) {
      CommandSpec command = table.find(arguments[i]);
      replies.add(command == null ? Replies.NIL : describe(command));
    }
    return Replies.array(replies);
  }

  /** Name, arity, flags, first key, last key, key step, and the four lists that Redis 7 added. */
  private static Reply describe(CommandSpec command) {
    int firstKey = command.keyStep() == 0 ? 0 : 1;
    int lastKey = command.kind() == CommandSpec.Kind.MANY_KEYS ? -1 : firstKey;
    return Replies.array(
        Replies.bulk(command.name()),
        Replies.integer(command.arity()),
        flags(command),
        Replies.integer(firstKey),
        Replies.integer(lastKey),
        Replies.integer(command.keyStep()),
        Replies.EMPTY_ARRAY,
        Replies.EMPTY_ARRAY,
        Replies.EMPTY_ARRAY,
        Replies.EMPTY_ARRAY);
  }

  private static Reply flags(CommandSpec command) {
    return switch (command.access()) {
      case NONE -> Replies.array(Replies.simple("fast"));
      case READ -> Replies.array(Replies.simple("readonly"));
      case WRITE -> Replies.array(Replies.simple("write"));
      case GROW -> Replies.array(Replies.simple("write"), Replies.simple("denyoom"));
    };
  }

  private static Reply docs(CommandTable table, byte[][] arguments) {
    List<Reply> replies = new ArrayList<>();
    if (arguments.length == 2) {
      table.commands().forEach(command -> document(command, replies));
    }
    for (int i = FIRST_NAME; i < arguments.length; i++) {
      document(table.find(arguments[i]), replies);
    }
    return Replies.array(replies);
  }

  private static void document(@Nullable CommandSpec command, List<Reply> replies) {
    if (command != null) {
      replies.add(Replies.bulk(command.name()));
      replies.add(Replies.array(Replies.bulk("summary"), Replies.bulk(command.summary())));
    }
  }
}
