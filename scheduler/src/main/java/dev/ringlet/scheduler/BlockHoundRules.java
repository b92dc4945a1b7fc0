package dev.ringlet.scheduler;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound, in programs that have it, that the turns of actors must not block, with
 * whatever runs in them: tasks of an executor, signals of a stream. What the runtime does between
 * turns is its own affair, for it parks there. BlockHound finds this class by {@code
 * META-INF/services}; without it nobody loads it.
 */
public final class BlockHoundRules implements BlockHoundIntegration {
  /** For the service loader. */
  public BlockHoundRules() {}

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder
        // Asked once for each thread, and the other one each time that such a thread would block.
        .addDynamicThreadPredicate(ExecutorThread.class::isInstance)
        .nonBlockingThreadPredicate(others -> others.or(ExecutorThread::isInTurn));
    allowQueuesOfThreads(builder);
    allowLogging(builder);
  }

  /** Work for threads that may block is handed over under a lock that is held for a moment. */
  private static void allowQueuesOfThreads(BlockHound.Builder builder) {
    builder
        .allowBlockingCallsInside(Offload.class.getName(), "submit")
        .allowBlockingCallsInside(NioFiles.class.getName(), "execute")
        .allowBlockingCallsInside(NioStandardInput.class.getName(), "take")
        .allowBlockingCallsInside(NioStandardOutput.class.getName(), "execute");
  }

  /** Actors log, as {@code context.log()} invites them to; by default that is this logger's. */
  private static void allowLogging(BlockHound.Builder builder) {
    builder
        .allowBlockingCallsInside("java.util.logging.Logger", "log")
        .allowBlockingCallsInside("java.util.logging.LogManager", "ensureLogManagerInitialized");
  }
}
