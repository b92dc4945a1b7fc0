package dev.ringlet.examples.simulate;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.kv.KvNode;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.testkit.sim.Fault;
import dev.ringlet.testkit.sim.FaultLevel;
import dev.ringlet.testkit.sim.FaultPlan;
import dev.ringlet.testkit.sim.SimOptions;
import dev.ringlet.testkit.sim.SimResult;
import dev.ringlet.testkit.sim.SimScenario;
import dev.ringlet.testkit.sim.SimSystem;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients use a server that crashes, and loses its power, again and again, with tiny logs that are
 * compacted all the time. In the end, after another power loss, every key is read, and all answers
 * that were ever given must be explained by one order of the calls: so what was acknowledged is
 * there, and what was once seen does not go away. For one run. The simulation's thread.
 */
class KvScenario implements SimScenario {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 6379);
  private static final InetSocketAddress CLIENTS = new InetSocketAddress("10.0.0.2", 0);
  private static final int MOST_SHARDS = 3;
  private static final int MOST_CLIENTS = 4;
  private static final int MOST_CALLS = 40;
  private static final int MOST_KEYS = 4;
  private static final int MOST_CRASHES = 3;
  private static final long[] COMPACT_MIN_BYTES = {64, 400, 4000, Long.MAX_VALUE};

  /** Until a crash: steps, not time, for most of the time nothing goes on that it could hit. */
  private static final int MOST_STEPS_UP = 400;

  private static final long LONGEST_DOWN_NANOS = 20_000_000;

  /** More than enough, also if everything is slow and the clock jumps. */
  private static final Duration BOUND = Duration.ofHours(2);

  /** A run has about a thousand. */
  private static final long MOST_STEPS = 100_000;

  /** Where nothing is slow; what waits for a timer of the server waits longer. */
  private static final long LONGEST_WAIT_MILLIS = 100;

  /** In one run out of so many each slice ends wherever it can. */
  private static final int PREEMPTS_ALWAYS = 8;

  private static final int BUFFERS = 16;
  private static final int BUFFER_BYTES = 1 << 10;

  private final History history = new History();
  private final List<Workload> workloads = new ArrayList<>();
  private FaultLevel level = FaultLevel.NONE;
  private int clientsLiving;
  private int crashes;
  private boolean faultsOver;
  private @Nullable SimSystem simulation;
  private @Nullable ActorSystem server;
  private @Nullable KvNode node;
  private @Nullable Throwable startFailure;
  private long compactMinBytes;
  private int shards;

  /** Runs it by itself. */
  final SimResult simulate(long seed) {
    return SimSystem.run(seed, options(), this);
  }

  // What tests change, to see that it is found.

  SimOptions options() {
    return SimOptions.defaults().withMostSteps(MOST_STEPS);
  }

  /** Whether the server syncs its logs before it answers. */
  boolean syncsFirst() {
    return true;
  }

  /** The system of a server is there, and nothing is in it. */
  void prepare(ActorSystem system) {}

  // ---- the run

  final History history() {
    return history;
  }

  /** How often the server was killed or lost its power. */
  final int crashes() {
    return crashes;
  }

  private SimSystem sim() {
    return Objects.requireNonNull(simulation);
  }

  @Override
  public final void run(SimSystem sim) throws Exception {
    simulation = sim;
    RandomGenerator random = sim.random();
    chooseFaults(random);
    shards = 1 + random.nextInt(MOST_SHARDS);
    compactMinBytes = COMPACT_MIN_BYTES[random.nextInt(COMPACT_MIN_BYTES.length)];
    int keys = 1 + random.nextInt(MOST_KEYS);
    for (int clients = 1 + random.nextInt(MOST_CLIENTS); clients > 0; clients--) {
      int calls = 1 + random.nextInt(MOST_CALLS);
      workloads.add(Workload.random(new SplittableRandom(random.nextLong()), keys, calls));
    }
    startServer();
    startClients();
    for (int left = random.nextInt(MOST_CRASHES + 1); left > 0; left--) {
      goOnFor(random.nextInt(MOST_STEPS_UP));
      crash(random.nextBoolean());
    }
    goOn(BOUND);
    sim.stopFaults();
    faultsOver = true;
    goOn(BOUND);
    checkThat(clientsLiving == 0, "clients wait, and nothing goes wrong any more");
    readAll(keys);
  }

  /** A third of the runs has no faults but crashes, another one those that nobody should notice. */
  private void chooseFaults(RandomGenerator random) {
    FaultLevel[] levels = FaultLevel.values();
    level = levels[random.nextInt(levels.length)];
    FaultPlan plan = level.plan();
    sim()
        .setFaults(
            random.nextInt(PREEMPTS_ALWAYS) == 0 ? plan.withProbability(Fault.PREEMPT, 1) : plan);
  }

  private void readAll(int keys) throws Exception {
    workloads.clear();
    workloads.add(Workload.readAll(sim().random(), keys));
    crash(true);
    goOn(BOUND);
    checkThat(clientsLiving == 0, "nobody answers what the keys are in the end");
    String problem = history.check();
    checkThat(problem == null, String.valueOf(problem));
    checkThat(
        level != FaultLevel.NONE || history.longestWaitMillis() <= LONGEST_WAIT_MILLIS,
        "a client has waited for " + history.longestWaitMillis() + " ms, and nothing was slow");
    KvNode running = Objects.requireNonNull(node);
    checkThat(sim().await(running.stop(), BOUND), "a log was not complete at the stop");
    checkNoFailures();
  }

  private static void checkThat(boolean holds, String problem) {
    if (!holds) {
      throw new AssertionError(problem);
    }
  }

  // ---- clients

  private void startClients() {
    ActorSystem system =
        sim().start("clients", pool(1 + sim().random().nextInt(2)), CLIENTS.getAddress());
    int number = 0;
    for (Workload workload : workloads) {
      String name = "c" + number++ + (crashes == 0 ? "" : "-" + crashes);
      clientsLiving++;
      ActorRef<Client.Message> unused =
          system.spawn(
              () ->
                  new Client(
                      name, ADDRESS, workload, history, sim().clock(), () -> clientsLiving--),
              ActorOptions.named(name));
    }
  }

  private static ExecutorPool pool(int executors) {
    return ExecutorPool.of(executors).withReceiveBuffers(BUFFERS, BUFFER_BYTES);
  }

  // ---- the server

  private void startServer() {
    node = null;
    startFailure = null;
    ActorSystem system = sim().start("kv", pool(shards), ADDRESS.getAddress());
    server = system;
    prepare(system);
    KvNode.Settings settings =
        new KvNode.Settings(syncsFirst(), compactMinBytes, sim().clock(), sim().random());
    var unused =
        KvNode.start(system, ADDRESS, sim().path("/data"), settings)
            .whenComplete(
                (started, failure) -> {
                  if (server == system) {
                    node = started;
                    startFailure = failure;
                  }
                });
  }

  /** Until all clients have done what they do, but no longer than this. */
  private void goOn(Duration atMost) {
    goOnUntil(() -> false, atMost);
  }

  /** For so many steps, unless all clients have done what they do before. */
  private void goOnFor(int steps) {
    int[] left = {steps};
    goOnUntil(() -> left[0]-- <= 0, BOUND);
  }

  private void goOnUntil(BooleanSupplier enough, Duration atMost) {
    Duration end = sim().now().plus(atMost);
    boolean restarts = true;
    while (restarts && sim().now().compareTo(end) < 0) {
      boolean unused =
          sim()
              .runUntil(
                  () -> clientsLiving == 0 || startFailure != null || enough.getAsBoolean(),
                  end.minus(sim().now()));
      Throwable failure = startFailure;
      restarts = failure != null;
      if (failure != null) {
        checkThat(isTransient(failure), "the server does not start again: " + failure);
        restart();
      }
    }
  }

  /** Whether it may be due to a fault, and not to what is in the logs. */
  private boolean isTransient(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    return !faultsOver && !text.contains("corrupt") && !text.contains("damaged");
  }

  private void restart() {
    sim().crash(Objects.requireNonNull(server));
    sim().run(Duration.ofNanos(sim().random().nextLong(LONGEST_DOWN_NANOS)));
    startServer();
  }

  private void crash(boolean powerToo) {
    crashes++;
    checkNoFailures();
    if (!powerToo) {
      restart();
      return;
    }
    sim().powerLoss();
    clientsLiving = 0;
    startServer();
    startClients();
  }

  private void checkNoFailures() {
    long failures = Objects.requireNonNull(server).stats().failures();
    checkThat(failures == 0, failures + " turns of the server have failed");
  }
}
