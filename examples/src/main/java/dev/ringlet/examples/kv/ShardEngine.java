package dev.ringlet.examples.kv;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Executes commands on the keys of one shard, whatever they are: bad arguments, no memory and even
 * a fault in a command end in an error reply. <b>Thread:</b> the shard's.
 */
final class ShardEngine {
  private static final Logger LOG = System.getLogger(ShardEngine.class.getName());

  private final KeySpace keys;
  private final long maxMemoryBytes;
  private @Nullable Reply writeRefusal;

  ShardEngine(KeySpace keys, long maxMemoryBytes) {
    this.keys = keys;
    this.maxMemoryBytes = maxMemoryBytes;
  }

  KeySpace keys() {
    return keys;
  }

  /** From now on every command that writes gets this reply; null allows them again. */
  void refuseWrites(@Nullable Reply reply) {
    writeRefusal = reply;
  }

  Reply execute(Request request, long nowMillis) {
    CommandSpec spec = request.spec();
    Reply refusal = writeRefusal;
    if (refusal != null && spec.access().writes()) {
      return refusal;
    }
    if (spec.access() == CommandSpec.Access.GROW && keys.usedBytes() > maxMemoryBytes) {
      return Errors.OUT_OF_MEMORY;
    }
    try {
      return spec.onShard().execute(keys, request, nowMillis);
    } catch (CommandException e) {
      return e.reply();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "command " + spec.name() + " failed", e);
      return Errors.INTERNAL;
    }
  }
}
