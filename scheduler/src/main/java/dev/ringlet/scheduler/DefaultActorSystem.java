package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorInfo;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.ExecutorEnded;
import dev.ringlet.actor.JoinHandle;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.actor.SystemEvent;
import dev.ringlet.actor.Task;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The executors of one system, and what they share. Any thread. */
final class DefaultActorSystem implements ActorSystem {
  private static final System.Logger LOG = System.getLogger(DefaultActorSystem.class.getName());
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

  private final String name;
  private final Ticker ticker;

  /** The world of a system that is stepped; null if it runs. */
  private final @Nullable Stepping stepping;

  private final DeadLetters deadLetters;
  private final Failures failures;
  private final Events events = new Events();
  private final Carrying carrying;
  private final PriorityClasses classes = new PriorityClasses();

  /** Living top-level actors that were given a name. */
  private final ConcurrentHashMap<String, ActorCell<?>> names = new ConcurrentHashMap<>();

  private final Offload offload;
  private final Watches watches;
  private final StallDetector stalls;
  private final QuestionClock questionClock;
  private final AtomicLong actorIds = new AtomicLong();
  private final AtomicInteger placement = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> terminated = new ExecutorFuture<>();

  /** What an executor has died of. */
  private final AtomicReference<@Nullable Throwable> death = new AtomicReference<>();

  /** Set once, before a stepped system is handed out. */
  private @Nullable Consumer<Duration> steppedClose;

  /** Set once, before the system is handed out. */
  private volatile List<CoreExecutor> executors = List.of();

  private DefaultActorSystem(
      String name, ExecutorPool pool, Ticker ticker, @Nullable Stepping stepping) {
    if (name.isBlank() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\"; give a name that is not blank and has no '/' in it");
    }
    this.name = name;
    this.stepping = stepping;
    this.offload = new Offload(name, pool, stepping);
    this.watches = new Watches(name, stepping != null);
    this.stalls = new StallDetector(name, pool, events);
    this.ticker = ticker;
    this.questionClock = new QuestionClock(name, ticker, stepping != null);
    // Of thousands of simulations that run in a row nobody reads the log.
    boolean logs = stepping == null || stepping.drivers() == null;
    this.deadLetters = new DeadLetters(ticker, events, logs);
    this.failures = new Failures(ticker, events, logs);
    this.carrying = new Carrying(pool.contextCarrier(), pool.senderTracking());
    if (pool.flightRecorder()) {
      if (!StallDetector.FLIGHT_RECORDER) {
        throw new IllegalArgumentException(
            "pool: withFlightRecorder, but this Java runtime has no module jdk.jfr");
      }
      events.sendTo(new FlightRecords(this));
    }
  }

  static DefaultActorSystem start(String name, ExecutorPool pool, Ticker ticker) {
    DefaultActorSystem system = new DefaultActorSystem(name, pool, ticker, null);
    try {
      system.executors = new SystemStart(system, pool).run();
    } catch (Throwable failure) {
      system.events.close();
      throw failure;
    }
    system.stalls.watch(system.executors);
    return system;
  }

  /** A system whose executors all run on the calling thread, when they are told. */
  static DefaultActorSystem startStepped(
      String name, ExecutorPool pool, Stepping stepping, Supplier<IoDriver> drivers) {
    DefaultActorSystem system = new DefaultActorSystem(name, pool, stepping.ticker(), stepping);
    List<CoreExecutor> made = new ArrayList<>();
    try {
      for (int i = 0; i < Math.max(1, pool.count()); i++) {
        made.add(new CoreExecutor(system, i, CpuSet.empty(), false, pool, drivers.get()));
      }
    } catch (Throwable failure) {
      made.forEach(CoreExecutor::endStepped);
      system.events.close();
      throw failure;
    }
    system.executors = List.copyOf(made);
    return system;
  }

  /**
   * Has {@link #close(Duration)} do what whoever steps the system does to end its executors.
   *
   * @param steppedClose is given the deadline
   */
  void closesBy(Consumer<Duration> steppedClose) {
    this.steppedClose = steppedClose;
  }

  /** The directories that are watched. */
  Watches watches() {
    return watches;
  }

  /** The executors have ended: so does what is beside them. */
  private void closeBesides() {
    offload.close();
    watches.close();
    stalls.close();
    questionClock.close();
    events.close();
    Throwable cause = death.get();
    if (cause == null) {
      terminated.complete(null);
    } else {
      terminated.completeExceptionally(
          new RingletException("system " + name + ": an executor has died: " + cause, cause));
    }
  }

  QuestionClock questionClock() {
    return questionClock;
  }

  Carrying carrying() {
    return carrying;
  }

  List<CoreExecutor> cores() {
    return executors;
  }

  /** The world of a system that is stepped; null if it runs. */
  @Nullable Stepping stepping() {
    return stepping;
  }

  /** For what is left to chance; for use at once. Any thread. */
  RandomGenerator random() {
    return stepping == null ? ThreadLocalRandom.current() : stepping.random();
  }

  /** Runs a piece of offloaded work of a system that is stepped; whether there was any. */
  boolean stepOffloaded() {
    return offload.step();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ActorExecutor> executors() {
    return List.copyOf(executors);
  }

  @Override
  public <M> ActorRef<M> spawn(Supplier<? extends Actor<M>> factory, ActorOptions options) {
    Objects.requireNonNull(factory, "factory");
    checkOpen(options);
    ActorCell<M> cell = Spawner.topLevel(home(options), factory, options);
    claimName(cell);
    adopt(cell, factory);
    return cell;
  }

  @Override
  public <M> RouterRef<M> spawnPool(
      int routees,
      IntFunction<? extends Actor<M>> factory,
      Routing<M> routing,
      ActorOptions options) {
    Objects.requireNonNull(factory, "factory");
    Spawner.checkCount(routees);
    checkOpen(options);
    RouterCell<M> router = Spawner.topLevelRouter(home(options), routing, options);
    claimName(router);
    List<CoreExecutor> homes = options.executor() == null ? executors : List.of(router.executor());
    Spawner.addRoutees(router, homes, routees, factory, options);
    adopt(router, router::newHead);
    return router;
  }

  @Override
  public <M> RouterRef<M> spawnGroup(
      List<? extends ActorRef<M>> routees, Routing<M> routing, ActorOptions options) {
    checkOpen(options);
    List<ActorCell<?>> cells = Spawner.cellsOf(this, routees);
    RouterCell<M> router = Spawner.topLevelRouter(home(options), routing, options);
    claimName(router);
    router.routeTo(cells);
    adopt(router, router::newHead);
    return router;
  }

  private void checkOpen(ActorOptions options) {
    if (closed.get()) {
      throw new IllegalStateException(
          "system " + name + " is closed; spawn " + options.name() + " before close()");
    }
  }

  private CoreExecutor home(ActorOptions options) {
    return options.executor() == null ? next() : own(options.executor());
  }

  private void claimName(ActorCell<?> cell) {
    String given = cell.givenName();
    if (given != null && names.putIfAbsent(given, cell) != null) {
      cell.queue().membership().leave();
      throw new IllegalArgumentException(
          "name: \"" + given + "\"; system " + name + " has a living actor of this name already");
    }
  }

  private static <M> void adopt(ActorCell<M> cell, Supplier<? extends Actor<M>> factory) {
    cell.executor().runOrSend(new Spawner.Adopt<>(cell, factory), cell.queue().urgent());
  }

  @Override
  public <M> ShardedRef<M> spawnSharded(
      IntFunction<? extends Actor<M>> factory, Function<? super M, ?> keyOf, ActorOptions options) {
    Objects.requireNonNull(factory, "factory");
    Objects.requireNonNull(keyOf, "keyOf");
    String service = options.name();
    if (service == null) {
      throw new IllegalArgumentException("options: a sharded service needs a name");
    }
    List<ActorRef<M>> shards = new ArrayList<>();
    try {
      for (CoreExecutor executor : executors) {
        int index = executor.index();
        ActorOptions own = options.withName(service + "-" + index).onExecutor(executor);
        shards.add(spawn(() -> factory.apply(index), own));
      }
    } catch (RuntimeException refused) {
      shards.forEach(this::stop);
      throw refused;
    }
    return new Shards<>("/" + name + "/" + service, shards, keyOf);
  }

  @Override
  public <T extends @Nullable Object> T run(Task<T> root) {
    CoreExecutor.checkMayBlock("system.run");
    if (stepping != null) {
      throw new IllegalStateException(
          "system.run would wait for ever, as "
              + this
              + " is stepped on this thread; submit the task and step");
    }
    return submit(root, TaskOptions.defaults().onExecutor(executors.get(0))).join();
  }

  @Override
  public <T extends @Nullable Object> JoinHandle<T> submit(Task<T> task, TaskOptions options) {
    return start(task, options);
  }

  private <T extends @Nullable Object> TaskCell<T> start(Task<T> task, TaskOptions options) {
    Objects.requireNonNull(task, "task");
    if (closed.get()) {
      throw new IllegalStateException("system " + name + " is closed; submit before close()");
    }
    CoreExecutor home = options.executor() == null ? next() : own(options.executor());
    TaskQueue queue = home.enter(options.priorityClass());
    TaskCell<T> cell = new TaskCell<>(home, queue, task, options);
    home.runOrSend(new Spawner.Adopt<>(cell, cell::newActor), queue.urgent());
    return cell;
  }

  /** As {@link Executor#execute}: nobody joins, so a failure is logged. */
  void execute(Runnable work, TaskOptions options) {
    Objects.requireNonNull(work, "work");
    TaskCell<Runnable> cell;
    try {
      cell =
          start(
              context -> {
                work.run();
                return work;
              },
              options);
    } catch (IllegalStateException refused) {
      throw new RejectedExecutionException("system " + name + " is closed", refused);
    }
    var unused =
        cell.toCompletionStage()
            .exceptionally(
                failure -> {
                  failures.record(cell, failure);
                  return work;
                });
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> offload(Callable<T> work) {
    return offload.submit(Objects.requireNonNull(work, "work"));
  }

  private CoreExecutor next() {
    return executors.get(Math.floorMod(placement.getAndIncrement(), executors.size()));
  }

  @Override
  public void stop(ActorRef<?> actor) {
    if (actor instanceof Shards<?> service) {
      service.shards().forEach(this::stop);
      return;
    }
    if (!(actor instanceof ActorCell<?> cell) || cell.executor().system() != this) {
      throw new IllegalArgumentException(
          "actor: " + actor.path() + " is no actor of system " + name);
    }
    cell.stopFromAnywhere();
  }

  @Override
  public <M> CompletionStage<Optional<ActorRef<M>>> find(
      String path, Class<? extends Actor<M>> type) {
    Objects.requireNonNull(type, "type");
    String root = "/" + name + "/";
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException(
          "path: \"" + path + "\"; the paths of this system begin with " + root);
    }
    return Lookup.find(names, path.substring(root.length()), type);
  }

  @Override
  public CompletionStage<List<ActorInfo>> actors(int limit) {
    return Census.take(executors, limit);
  }

  @Override
  public <E extends SystemEvent> void subscribe(Class<E> type, ActorRef<? super E> subscriber) {
    Objects.requireNonNull(type, "type");
    boolean actor = subscriber instanceof ActorCell<?> && !(subscriber instanceof RouterCell<?>);
    if (!actor && !(subscriber instanceof Adapter<?>)) {
      throw new IllegalArgumentException(
          "subscriber: "
              + subscriber.path()
              + " is no actor with a mailbox, and no adapter of one");
    }
    @SuppressWarnings("unchecked") // it is given events of this type only
    Recipient<SystemEvent> address = (Recipient<SystemEvent>) subscriber;
    events.subscribe(type, address);
  }

  @Override
  public void unsubscribe(ActorRef<?> subscriber) {
    events.unsubscribe(Objects.requireNonNull(subscriber, "subscriber"));
  }

  @Override
  public void addPriorityClass(PriorityClass priorityClass) {
    classes.membership(priorityClass);
  }

  @Override
  public void removePriorityClass(PriorityClass priorityClass) {
    classes.remove(priorityClass);
    executors.forEach(executor -> executor.forget(priorityClass));
  }

  @Override
  public CompletionStage<Void> whenTerminated() {
    return terminated.copy();
  }

  @Override
  public SystemStats stats() {
    List<ExecutorStats> each = executors.stream().map(CoreExecutor::stats).toList();
    return new SystemStats(
        each,
        deadLetters.count(),
        failures.failedCount(),
        failures.restartedCount(),
        stalls.count(),
        offload.running(),
        offload.waiting());
  }

  @Override
  public void close() {
    close(CLOSE_DEADLINE);
  }

  @Override
  public void close(Duration deadline) {
    if (stepping != null) {
      Stepper.checkNoTurn("close()");
    }
    for (CoreExecutor executor : executors) {
      if (executor.isCurrent()) {
        throw new IllegalStateException(
            "close() on the thread of "
                + executor
                + ", which it would wait for; call it elsewhere");
      }
    }
    if (closed.compareAndSet(false, true)) {
      if (steppedClose != null) {
        steppedClose.accept(deadline);
      } else {
        new SystemClose(name, executors, deadline).run();
      }
      closeBesides();
    }
  }

  @Override
  public String toString() {
    return "system " + name;
  }

  /** One executor has ended of itself: the others follow. Any thread; does not throw. */
  void executorDied(CoreExecutor executor, Throwable cause) {
    death.compareAndSet(null, cause);
    try {
      events.publish(new ExecutorEnded(executor.index(), cause), null);
    } catch (Throwable failure) {
      LOG.log(System.Logger.Level.ERROR, "nobody is told of the death of " + executor, failure);
    }
    try {
      Thread closer = new Thread(this::close, "ringlet-" + name + "-close");
      closer.start();
    } catch (OutOfMemoryError noThread) {
      executors.forEach(CoreExecutor::end);
    }
  }

  Ticker ticker() {
    return ticker;
  }

  Events events() {
    return events;
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }

  Failures failures() {
    return failures;
  }

  long nextActorId() {
    return actorIds.incrementAndGet();
  }

  /** The executor behind an address that a user gave. */
  CoreExecutor own(ActorExecutor executor) {
    if (executor instanceof CoreExecutor core && core.system() == this) {
      return core;
    }
    throw new IllegalArgumentException(
        "executor: " + executor + " is not of system " + name + "; take one of system.executors()");
  }

  PriorityClasses classes() {
    return classes;
  }

  void forgetName(ActorCell<?> topLevel) {
    @Nullable String given = topLevel.givenName();
    if (given != null) {
      names.remove(given, topLevel);
    }
  }
}
