package dev.ringlet.examples.kv;

/**
 * Decides who executes a command, and splits it where several shards do. <b>Thread:</b> the
 * connection's.
 *
 * <p>A command on keys of several shards is atomic on each of them, but not as a whole.
 */
final class Router {
  /** Gets the parts for the shards. */
  interface Target {
    void send(int shard, Request request, long sequence, int part);
  }

  private final CommandTable table = CommandTable.INSTANCE;
  private final int shards;
  private final Session session;
  private final ReplyQueue replies;
  private final Target target;

  Router(Session session, ReplyQueue replies, Target target) {
    this.shards = session.server().config().shards();
    this.session = session;
    this.replies = replies;
    this.target = target;
  }

  /** Executes a command here, or sends its parts; either way it has its place in the replies. */
  void route(byte[][] arguments) {
    CommandSpec spec = table.find(arguments[0]);
    if (spec == null) {
      replies.add(Errors.unknownCommand(arguments));
    } else if (!spec.accepts(arguments.length)) {
      replies.add(Errors.wrongArity(spec.name()));
    } else {
      try {
        dispatch(spec, arguments);
      } catch (CommandException e) {
        replies.add(e.reply());
      }
    }
  }

  private void dispatch(CommandSpec spec, byte[][] arguments) {
    switch (spec.kind()) {
      case CONNECTION -> replies.add(spec.onConnection().execute(session, arguments));
      case ONE_KEY -> sendOne(spec, arguments);
      case MANY_KEYS -> sendSplit(spec, arguments);
      case ALL_SHARDS -> sendToAll(spec, arguments);
      case CURSOR -> sendToCursor(spec, arguments);
    }
  }

  private void sendOne(CommandSpec spec, byte[][] arguments) {
    Bytes key = new Bytes(arguments[1]);
    target.send(key.shard(shards), new Request(spec, arguments, key), replies.open(), 0);
  }

  private void sendToAll(CommandSpec spec, byte[][] arguments) {
    MultiReply reply =
        spec.merge() == CommandSpec.Merge.INFO
            ? new InfoReply(shards, session.server(), arguments)
            : merger(spec, shards, new int[0]);
    long sequence = replies.open(reply);
    for (int shard = 0; shard < shards; shard++) {
      target.send(shard, new Request(spec, arguments, Request.NO_KEY), sequence, shard);
    }
  }

  private void sendToCursor(CommandSpec spec, byte[][] arguments) {
    Cursor cursor = Cursor.parse(arguments[1], shards);
    byte[][] inShard = arguments.clone();
    inShard[1] = Ascii.decimal(cursor.position());
    long sequence = replies.open(MultiReply.scan(cursor, shards));
    target.send(cursor.shard(), new Request(spec, inShard, Request.NO_KEY), sequence, 0);
  }

  private void sendSplit(CommandSpec spec, byte[][] arguments) {
    if ((arguments.length - 1) % spec.keyStep() != 0) {
      throw new CommandException(Errors.wrongArity(spec.name()));
    }
    KeySplit split = new KeySplit(arguments, spec.keyStep(), shards);
    long sequence = replies.open(merger(spec, split.partCount(), split.partOfKey()));
    for (int part = 0; part < split.partCount(); part++) {
      Request request = new Request(spec, split.arguments(part), Request.NO_KEY);
      target.send(split.shard(part), request, sequence, part);
    }
  }

  private static MultiReply merger(CommandSpec spec, int parts, int[] partOf) {
    return switch (spec.merge()) {
      case SUM -> MultiReply.sum(parts);
      case ALL_OK -> MultiReply.allOk(parts);
      case BY_POSITION -> MultiReply.byPosition(parts, partOf);
      case NONE, INFO -> throw new IllegalStateException(spec.name() + " is not merged");
    };
  }
}
