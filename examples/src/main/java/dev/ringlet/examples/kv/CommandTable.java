package dev.ringlet.examples.kv;

import dev.ringlet.examples.kv.CommandSpec.Access;
import dev.ringlet.examples.kv.CommandSpec.ConnectionHandler;
import dev.ringlet.examples.kv.CommandSpec.Kind;
import dev.ringlet.examples.kv.CommandSpec.Merge;
import dev.ringlet.examples.kv.CommandSpec.ShardHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands, found by name without making a string of it. Immutable. */
final class CommandTable {
  static final CommandTable INSTANCE = new CommandTable();

  private static final int BUCKETS = 256;

  private static final ShardHandler NOT_ON_SHARD =
      (keys, request, now) -> {
        throw new IllegalStateException(request.spec().name() + " does not run on a shard");
      };
  private static final ConnectionHandler NOT_ON_CONNECTION =
      (session, arguments) -> {
        throw new IllegalStateException(Ascii.text(arguments[0]) + " needs a shard");
      };

  private final List<CommandSpec> commands = new ArrayList<>();
  private final @Nullable CommandSpec[] buckets = new CommandSpec[BUCKETS];
  private final byte[][] names = new byte[BUCKETS][];

  private CommandTable() {
    addConnectionCommands();
    addStringCommands();
    addKeyCommands();
    addExpiryCommands();
  }

  List<CommandSpec> commands() {
    return Collections.unmodifiableList(commands);
  }

  @Nullable CommandSpec find(byte[] name) {
    int bucket = bucket(name);
    while (buckets[bucket] != null) {
      if (isSame(names[bucket], name)) {
        return buckets[bucket];
      }
      bucket = (bucket + 1) % BUCKETS;
    }
    return null;
  }

  private static int bucket(byte[] name) {
    int hash = name.length;
    for (byte letter : name) {
      hash = hash * 31 + Ascii.upper(letter);
    }
    return (hash ^ (hash >>> 8)) & (BUCKETS - 1);
  }

  private static boolean isSame(byte[] upper, byte[] name) {
    if (upper.length != name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (upper[i] != Ascii.upper(name[i])) {
        return false;
      }
    }
    return true;
  }

  private void add(CommandSpec command) {
    commands.add(command);
    byte[] name = Ascii.bytes(Ascii.upper(Ascii.bytes(command.name())));
    int bucket = bucket(name);
    while (buckets[bucket] != null) {
      bucket = (bucket + 1) % BUCKETS;
    }
    buckets[bucket] = command;
    names[bucket] = name;
  }

  private void onConnection(String name, int arity, ConnectionHandler handler, String summary) {
    add(
        new CommandSpec(
            name,
            arity,
            Kind.CONNECTION,
            Access.NONE,
            0,
            Merge.NONE,
            NOT_ON_SHARD,
            handler,
            summary));
  }

  private void oneKey(String name, int arity, Access access, ShardHandler handler, String summary) {
    add(
        new CommandSpec(
            name, arity, Kind.ONE_KEY, access, 1, Merge.NONE, handler, NOT_ON_CONNECTION, summary));
  }

  private void manyKeys(
      String name,
      int arity,
      Access access,
      int keyStep,
      Merge merge,
      ShardHandler handler,
      String summary) {
    add(
        new CommandSpec(
            name,
            arity,
            Kind.MANY_KEYS,
            access,
            keyStep,
            merge,
            handler,
            NOT_ON_CONNECTION,
            summary));
  }

  private void noKey(
      String name,
      int arity,
      Kind kind,
      Access access,
      Merge merge,
      ShardHandler handler,
      String summary) {
    add(new CommandSpec(name, arity, kind, access, 0, merge, handler, NOT_ON_CONNECTION, summary));
  }

  private void addConnectionCommands() {
    onConnection("ping", -1, ConnectionCommands::ping, "Answers PONG, or its argument.");
    onConnection("echo", 2, ConnectionCommands::echo, "Answers its argument.");
    onConnection("select", 2, ConnectionCommands::select, "Selects the database; there is only 0.");
    onConnection("quit", -1, ConnectionCommands::quit, "Closes the connection.");
    onConnection("client", -2, ClientCommand::execute, "Names and lists connections.");
    onConnection("command", -1, CommandCommand::execute, "Describes the commands.");
    onConnection("config", -2, ConnectionCommands::config, "Reads settings of the server.");
  }

  private void addStringCommands() {
    oneKey("get", 2, Access.READ, StringCommands::get, "Gets the value of a key.");
    oneKey("set", -3, Access.GROW, StringCommands::set, "Sets the value of a key.");
    oneKey("append", 3, Access.GROW, StringCommands::append, "Adds bytes to a value.");
    oneKey("strlen", 2, Access.READ, StringCommands::strlen, "Gets the length of a value.");
    oneKey("incr", 2, Access.GROW, StringCommands::incr, "Adds one to a number.");
    oneKey("decr", 2, Access.GROW, StringCommands::decr, "Takes one from a number.");
    oneKey("incrby", 3, Access.GROW, StringCommands::incrBy, "Adds to a number.");
    oneKey("decrby", 3, Access.GROW, StringCommands::decrBy, "Takes from a number.");
    manyKeys("mget", -2, Access.READ, 1, Merge.BY_POSITION, StringCommands::mget, "Gets values.");
    manyKeys("mset", -3, Access.GROW, 2, Merge.ALL_OK, StringCommands::mset, "Sets values.");
  }

  private void addKeyCommands() {
    manyKeys("del", -2, Access.WRITE, 1, Merge.SUM, KeyCommands::del, "Deletes keys.");
    manyKeys("exists", -2, Access.READ, 1, Merge.SUM, KeyCommands::exists, "Counts keys.");
    oneKey("type", 2, Access.READ, KeyCommands::type, "Gets the type of a value.");
    noKey(
        "scan",
        -2,
        Kind.CURSOR,
        Access.READ,
        Merge.NONE,
        KeyCommands::scan,
        "Lists the keys in steps.");
    noKey(
        "dbsize",
        1,
        Kind.ALL_SHARDS,
        Access.READ,
        Merge.SUM,
        KeyCommands::dbSize,
        "Counts all keys.");
    noKey(
        "flushall",
        -1,
        Kind.ALL_SHARDS,
        Access.WRITE,
        Merge.ALL_OK,
        KeyCommands::flushAll,
        "Deletes all keys.");
    noKey(
        "info",
        -1,
        Kind.ALL_SHARDS,
        Access.READ,
        Merge.INFO,
        KeyCommands::info,
        "Describes the server and what it does.");
  }

  private void addExpiryCommands() {
    oneKey("expire", -3, Access.WRITE, ExpiryCommands::expire, "Lets a key expire in seconds.");
    oneKey(
        "pexpire", -3, Access.WRITE, ExpiryCommands::pexpire, "Lets a key expire in milliseconds.");
    oneKey("ttl", 2, Access.READ, ExpiryCommands::ttl, "Gets the seconds until a key expires.");
    oneKey(
        "pttl", 2, Access.READ, ExpiryCommands::pttl, "Gets the milliseconds until a key expires.");
    oneKey("persist", 2, Access.WRITE, ExpiryCommands::persist, "Lets a key live for ever.");
  }
}
