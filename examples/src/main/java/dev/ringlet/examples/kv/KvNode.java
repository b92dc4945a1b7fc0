package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorSystem;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * A server in a system of somebody else's, such as a simulated one: nothing here blocks.
 * <b>Thread:</b> any.
 */
public final class KvNode {
  private static final int VALUE_BYTES = 1 << 20;
  private static final long OUTPUT_BYTES = 1 << 20;
  private static final long MEMORY_BYTES = 16 << 20;
  private static final int MAX_CLIENTS = 1000;

  private final KvServer server;

  /**
   * What can be chosen.
   *
   * @param syncsFirst whether no reply leaves before what it shows survives a power loss; else the
   *     logs are synced once per second
   * @param compactMinBytes logs up to this length are not compacted; longer ones are when half of
   *     them is not needed
   * @param clock the time by which keys expire
   * @param random makes the salts of logs
   */
  public record Settings(
      boolean syncsFirst, long compactMinBytes, InstantSource clock, RandomGenerator random) {}

  private KvNode(KvServer server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param system has one executor for each shard; whoever made it closes it
   * @param address where to listen
   * @param data the folder of the logs
   * @param settings what can be chosen
   * @return the server, or what has kept it from starting
   */
  public static CompletionStage<KvNode> start(
      ActorSystem system, InetSocketAddress address, Path data, Settings settings) {
    KvConfig config =
        new KvConfig(
            address.getHostString(),
            address.getPort(),
            system.executors().size(),
            data,
            settings.syncsFirst() ? FsyncPolicy.ALWAYS : FsyncPolicy.EVERYSEC,
            new CompactionSettings(CompactionSettings.DEFAULT_FACTOR, settings.compactMinBytes()),
            RespLimits.ofValue(VALUE_BYTES),
            OUTPUT_BYTES,
            MEMORY_BYTES,
            MAX_CLIENTS,
            new Surroundings(settings.clock(), settings.random()));
    return KvServer.startOn(system, config, address).thenApply(KvNode::new);
  }

  /**
   * Stops listening, then writes and syncs the logs.
   *
   * @return complete when that is done; whether all of it went well
   */
  public CompletionStage<Boolean> stop() {
    return server.stop();
  }
}
