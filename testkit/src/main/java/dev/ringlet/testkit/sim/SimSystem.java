package dev.ringlet.testkit.sim;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.testkit.Finding;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A world in which actor systems run on one thread, over a simulated kernel and clock, in an order
 * drawn from a seed: which executor has the next turn, when an operation completes, where an actor
 * is preempted, what goes wrong. What is run is the real runtime. One seed gives the same run each
 * time, bit for bit, on the same version of Ringlet and of the scenario.
 *
 * <pre>{@code
 * SimSystem.run(seed, sim -> {
 *   ActorSystem system = sim.start("bank", ExecutorPool.of(2));
 *   ActorRef<Transfer> account = system.spawn(Account::new, ActorOptions.named("account"));
 *   account.tell(new Transfer(3));
 *   sim.runUntilIdle();
 * }).check();
 * }</pre>
 *
 * <p>A run ends with checks. After the scenario no more faults happen, and all must come to rest:
 * nobody has anything to do, no message waits, and nothing is in flight but what waits for others,
 * such as a receive. Then come the scenario's {@linkplain #atEnd own checks}; the systems that live
 * are closed, and everything they had must be back. What is found wrong is told by its {@link
 * Finding}, which a scenario that means it can {@linkplain #allow allow}.
 *
 * <p><b>Thread:</b> the one that called {@link #run}, outside of actors: what goes on in a step
 * must not take another one, and throws {@link IllegalStateException} if it tries.
 */
public final class SimSystem {
  private final SimOptions options;
  private final SimWorld world;
  private final SimLoop loop;
  private final RandomGenerator random;
  private final Map<String, Integer> starts = new HashMap<>();
  private final List<Runnable> checks = new ArrayList<>();
  private final Set<Finding> forbidden =
      EnumSet.complementOf(EnumSet.of(Finding.DEAD_LETTERS, Finding.OPEN_HANDLES));
  private final SimChecks findings;

  private SimSystem(long seed, SimOptions options) {
    this.options = options;
    this.world = new SimWorld(seed, options.faults());
    this.loop = new SimLoop(seed, world, options.mostSteps());
    this.random = loop.newRandom("scenario");
    this.findings = new SimChecks(loop, forbidden);
    world.faults().only(options.onlyFaults());
    for (FaultPlan.Action action : options.faults().actions()) {
      var unused = world.agenda().timer(SimClock.nanos(action.at()), () -> act(action));
    }
  }

  private void act(FaultPlan.Action action) {
    if (world.faults().acts(action)) {
      action.body().accept(this);
    }
  }

  /** For tests of this package. */
  SimLoop loop() {
    return loop;
  }

  // ---- a whole run

  /**
   * Runs a simulation with the {@linkplain SimOptions#defaults default} options.
   *
   * @param seed any number
   * @param scenario what it is about
   * @return what it has come to
   */
  public static SimResult run(long seed, SimScenario scenario) {
    return run(seed, SimOptions.defaults(), scenario);
  }

  /**
   * Runs a simulation.
   *
   * @param seed any number
   * @param options faults and bounds
   * @param scenario what it is about
   * @return what it has come to; also if the scenario fails
   */
  public static SimResult run(long seed, SimOptions options, SimScenario scenario) {
    Objects.requireNonNull(scenario, "scenario");
    SimSystem sim = new SimSystem(seed, options);
    @Nullable Throwable failure = sim.play(scenario);
    SimWorld world = sim.world;
    return new SimResult(
        seed,
        world.trace().hash(),
        sim.loop.steps(),
        sim.now(),
        world.faults().counts(),
        world.faults().told(),
        failure,
        sim.findings.found(),
        world.trace().last());
  }

  /**
   * Looks for a run of the same seed that fails in the same way with fewer faults: without any, by
   * halves, and at last without each of those that are left.
   *
   * @param failed a run that has not passed
   * @param options what it was run with
   * @param scenario the same scenario
   * @param mostRuns how many runs that may take
   * @return the failing run with the fewest faults that was found, which may be the given one
   */
  public static SimResult shrink(
      SimResult failed, SimOptions options, SimScenario scenario, int mostRuns) {
    return new Shrinking(failed, options, scenario, mostRuns).run();
  }

  private @Nullable Throwable play(SimScenario scenario) {
    try {
      scenario.run(this);
      world.trace().add("end of the scenario");
      comeToRest();
      loop.processes().forEach(findings::atRest);
      checks.forEach(Runnable::run);
      loop.processes().forEach(this::end);
      return null;
    } catch (SimLoop.Endless endless) {
      findings.add(Finding.UNREST, endless.getMessage() + SimReport.of(loop));
      return null;
    } catch (Exception | AssertionError | StackOverflowError failure) {
      world.trace().add("failure: " + failure.getClass().getName());
      return failure;
    } finally {
      world.findings().forEach(text -> findings.add(Finding.MISUSE, text));
      loop.processes().forEach(this::kill);
    }
  }

  private void comeToRest() {
    stopFaults();
    if (!loop.settle(findings::rests, SimClock.nanos(options.restBound()))) {
      findings.add(Finding.UNREST, "no rest within " + options.restBound() + SimReport.of(loop));
    }
  }

  private void end(SimProcess process) {
    loop.close(process, options.restBound());
    findings.afterClose(process);
  }

  private void kill(SimProcess process) {
    process.kill();
    loop.remove(process);
  }

  // ---- systems

  /**
   * Starts a system: a process of its own. A name may be used again when the system before it is
   * closed or has crashed.
   *
   * @param name its name
   * @param pool settings; placement, spinning, driver and stall detection are not looked at
   * @return the system; it does nothing until the simulation goes on, and {@link
   *     ActorSystem#close()} lets it go on
   */
  public ActorSystem start(String name, ExecutorPool pool) {
    return startOn(null, name, pool);
  }

  /**
   * Starts a system on a machine of its own, or on that of others with the same address.
   *
   * @param name its name
   * @param pool settings, as for a system without an address
   * @param host the address of the machine, beside the loopback addresses that each has
   * @return the system
   */
  public ActorSystem start(String name, ExecutorPool pool, InetAddress host) {
    if (world.network().isDark(host)) {
      world.network().appear(host);
    }
    return startOn(host, name, pool);
  }

  private ActorSystem startOn(@Nullable InetAddress host, String name, ExecutorPool pool) {
    int number = starts.merge(name, 1, Integer::sum);
    String label = number == 1 ? name : name + "(" + number + ")";
    SimProcess process = new SimProcess(name, label, host, pool, loop, options);
    loop.add(process);
    findings.watch(process);
    return process.system();
  }

  /**
   * Ends a process in the midst of what it does. Nothing of it runs any more, and the kernel closes
   * what it had open; what it has written to files is there.
   *
   * @param system a system of this simulation that is not closed
   * @throws IllegalArgumentException if it is not one, or has crashed
   */
  public void crash(ActorSystem system) {
    for (SimProcess process : loop.processes()) {
      if (process.system() == system) {
        world.trace().add("crash " + process);
        kill(process);
        return;
      }
    }
    throw new IllegalArgumentException("system: " + system + " does not live in this simulation");
  }

  /**
   * Takes the power from everything: all processes end, and what was not synced to the disk is
   * there, is lost, or is there in part.
   */
  public void powerLoss() {
    world.trace().add("power loss");
    loop.processes().forEach(this::kill);
    world.powerLoss();
  }

  // ---- going on

  /**
   * Does one thing: a turn of an executor, a piece of offloaded work, or something that the kernel
   * has to do now. Time does not jump.
   *
   * @return false if there was nothing to do
   */
  public boolean step() {
    return loop.step();
  }

  /**
   * Goes on for a while; when nobody has anything to do, time jumps.
   *
   * @param duration zero or more of simulated time
   */
  public void run(Duration duration) {
    var unused = loop.runUntil(() -> false, SimClock.nanos(duration));
  }

  /**
   * Goes on until something is so.
   *
   * @param condition looked at before each step
   * @param atMost how much simulated time may pass
   * @return whether it is so
   */
  public boolean runUntil(BooleanSupplier condition, Duration atMost) {
    return loop.runUntil(condition, SimClock.nanos(atMost));
  }

  /** Goes on until there is nothing to do but to wait for timers and delays. */
  public void runUntilIdle() {
    loop.runUntilIdle();
  }

  /**
   * Goes on until a stage is complete.
   *
   * @param stage what to wait for
   * @param atMost how much simulated time may pass
   * @param <T> the type of the value
   * @return the value
   * @throws AssertionError if it is not complete in time; tells who waits for what
   * @throws Exception what the stage has failed with
   */
  public <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration atMost)
      throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (!loop.runUntil(future::isDone, SimClock.nanos(atMost))) {
      throw new AssertionError("the stage is not complete within " + atMost + SimReport.of(loop));
    }
    try {
      return future.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failed;
    }
  }

  /**
   * Has something done later, between two steps. It comes like a timer: nobody waits for it.
   *
   * @param delay how much later, in simulated time
   * @param action the thing; must not take steps itself
   */
  public void after(Duration delay, Runnable action) {
    var unused = world.agenda().timer(SimClock.nanos(delay), action);
  }

  // ---- what is left to chance, and to faults

  /**
   * Chance for the scenario, drawn from the seed; what is drawn here changes nothing elsewhere.
   *
   * @return one generator
   */
  public RandomGenerator random() {
    return random;
  }

  /**
   * Changes what goes wrong from now on. Its actions are those of the simulation's first plan.
   *
   * @param plan the plan
   */
  public void setFaults(FaultPlan plan) {
    world.faults().plan(Objects.requireNonNull(plan, "plan"));
  }

  /** Ends what goes wrong, for good: also what lasts, such as a pause or a partition. */
  public void stopFaults() {
    world.trace().add("no more faults");
    world.faults().stop();
    world.network().heal();
    loop.endPauses();
  }

  /**
   * Lets nothing through between two hosts until {@link #heal()}.
   *
   * @param one the address of a host
   * @param other the address of another one
   */
  public void partition(InetAddress one, InetAddress other) {
    world.network().partition(one, other);
  }

  /**
   * Takes a host away with all that runs on it. Nobody is told: the other ends of its connections
   * are half open. It is there again when a system is started on it.
   *
   * @param host its address
   */
  public void vanish(InetAddress host) {
    world.network().vanish(host);
    for (SimProcess process : loop.processes()) {
      if (host.equals(process.host())) {
        kill(process);
      }
    }
  }

  /** Ends all partitions. */
  public void heal() {
    world.network().heal();
  }

  // ---- time and files

  /**
   * How much time has passed.
   *
   * @return since the beginning of the simulation
   */
  public Duration now() {
    return Duration.ofNanos(world.clock().elapsedNanos());
  }

  /**
   * The simulated time of day, for programs that take it from a source.
   *
   * @return a clock that begins with the year 2026
   */
  public InstantSource clock() {
    return world.clock()::instant;
  }

  /**
   * A path of the simulated disk.
   *
   * @param path such as {@code "/data/log"}
   * @return the path, for whatever takes one
   */
  public Path path(String path) {
    return world.path(path);
  }

  // ---- checks

  /**
   * Has something checked when all has come to rest after the scenario, before the systems are
   * closed.
   *
   * @param check throws if something is wrong; must not take steps
   */
  public void atEnd(Runnable check) {
    checks.add(Objects.requireNonNull(check, "check"));
  }

  /**
   * Says what is no fault.
   *
   * @param meant what the scenario means to happen
   */
  public void allow(Finding... meant) {
    forbidden.removeAll(List.of(meant));
  }

  /**
   * Says what is a fault; without this all are but {@link Finding#DEAD_LETTERS} and {@link
   * Finding#OPEN_HANDLES}.
   *
   * @param unmeant what must not happen
   */
  public void forbid(Finding... unmeant) {
    forbidden.addAll(List.of(unmeant));
  }

  /**
   * Adds a line to the trace.
   *
   * @param line tells the same in each run of a seed: no identity hashes, no addresses
   */
  public void note(String line) {
    world.trace().add("note: " + line);
  }
}
