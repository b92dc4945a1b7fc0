package dev.ringlet.metrics;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.executor.TaskQueueStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Shows the statistics of a system as meters. It reads {@link ActorSystem#stats()} when the
 * registry looks at a meter, at most every 100 ms, and costs nothing else.
 *
 * <p><b>Thread:</b> any thread.
 *
 * <pre>{@code
 * new SystemMetrics(system).bindTo(registry);
 * }</pre>
 *
 * <p>Every meter has the tag {@code system}; those of an executor also {@code executor}, its index,
 * and those of a task queue {@code class}, the name of the priority class. Queues that come later
 * are shown after binding again.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>of</th></tr>
 * <tr><td>{@code ringlet.messages}, {@code ringlet.messages.remote}, {@code ringlet.parks}, {@code
 *     ringlet.wakeups}, {@code ringlet.buffers.leaked}</td><td>counter</td><td>executor</td></tr>
 * <tr><td>{@code ringlet.actors}, {@code ringlet.mailbox.peak}, {@code ringlet.timers}, {@code
 *     ringlet.buffers.lent}, {@code ringlet.buffers.memory}, {@code ringlet.buffers.waiting}</td><td>gauge</td><td>executor</td></tr>
 * <tr><td>{@code ringlet.queue.runnable}</td><td>gauge</td><td>task queue</td></tr>
 * <tr><td>{@code ringlet.queue.run}, in seconds</td><td>counter</td><td>task queue</td></tr>
 * <tr><td>{@code ringlet.dead.letters}, {@code ringlet.failures}, {@code ringlet.restarts}, {@code
 *     ringlet.stalls}</td><td>counter</td><td>system</td></tr>
 * <tr><td>{@code ringlet.offload.running}, {@code ringlet.offload.waiting}</td><td>gauge</td>
 *     <td>system</td></tr>
 * </table>
 */
@SuppressWarnings("exports") // whoever uses it has Micrometer; nobody else needs it to compile
public final class SystemMetrics implements MeterBinder, AutoCloseable {
  private static final long FRESH_NANOS = 100_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Weakly, as the registries do, so that no registry keeps a system that has ended. */
  private final WeakReference<ActorSystem> system;

  private final Set<Registered> registered = ConcurrentHashMap.newKeySet();
  private volatile Snapshot last;

  private record Registered(MeterRegistry registry, Meter meter) {}

  private record Snapshot(SystemStats stats, long nanos) {}

  /**
   * Shows a system.
   *
   * @param system the system
   */
  public SystemMetrics(ActorSystem system) {
    this.system = new WeakReference<>(Objects.requireNonNull(system, "system"));
    this.last = read(system);
  }

  private static Snapshot read(ActorSystem system) {
    return new Snapshot(system.stats(), System.nanoTime());
  }

  private SystemStats stats() {
    Snapshot seen = last;
    ActorSystem living = system.get();
    if (living != null && System.nanoTime() - seen.nanos > FRESH_NANOS) {
      seen = read(living);
      last = seen;
    }
    return seen.stats;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    ActorSystem living = system.get();
    if (living != null) {
      bind(registry, living);
    }
  }

  /** Takes the meters out of their registries; another system of the name may be shown then. */
  @Override
  public void close() {
    registered.removeIf(
        one -> {
          one.registry.remove(one.meter);
          return true;
        });
  }

  private void bind(MeterRegistry registry, ActorSystem living) {
    Tags tags = Tags.of("system", living.name());
    new Binding<>(registry, living, tags, SystemMetrics::stats)
        .counter("ringlet.dead.letters", "messages", SystemStats::deadLetters)
        .counter("ringlet.failures", "turns", SystemStats::failures)
        .counter("ringlet.restarts", "actors", SystemStats::restarts)
        .counter("ringlet.stalls", "turns", SystemStats::stalls)
        .gauge("ringlet.offload.running", "tasks", SystemStats::offloadRunning)
        .gauge("ringlet.offload.waiting", "tasks", SystemStats::offloadWaiting);
    for (ActorExecutor executor : living.executors()) {
      bind(registry, living, tags, executor.index());
    }
  }

  private void bind(MeterRegistry registry, ActorSystem living, Tags systemTags, int index) {
    Tags tags = systemTags.and("executor", Integer.toString(index));
    new Binding<>(registry, living, tags, metrics -> metrics.stats().executors().get(index))
        .counter("ringlet.messages", "messages", ExecutorStats::messages)
        .counter("ringlet.messages.remote", "messages", ExecutorStats::remoteMessages)
        .counter("ringlet.parks", "parks", ExecutorStats::parks)
        .counter("ringlet.wakeups", "wakeups", ExecutorStats::wakeups)
        .gauge("ringlet.actors", "actors", ExecutorStats::actors)
        .gauge("ringlet.mailbox.peak", "messages", ExecutorStats::mailboxPeak)
        .gauge("ringlet.timers", "timers", ExecutorStats::timers)
        .gauge("ringlet.buffers.lent", "buffers", e -> e.buffersLent() + e.io().buffersLent())
        .gauge("ringlet.buffers.memory", "bytes", ExecutorStats::bufferBytes)
        .gauge("ringlet.buffers.waiting", "operations", ExecutorStats::bufferWaits)
        .counter("ringlet.buffers.leaked", "buffers", ExecutorStats::buffersLeaked);
    for (TaskQueueStats queue : stats().executors().get(index).taskQueues()) {
      String priorityClass = queue.priorityClass().name();
      new Binding<>(
              registry,
              living,
              tags.and("class", priorityClass),
              metrics -> metrics.queue(index, priorityClass))
          .gauge("ringlet.queue.runnable", "actors", QueueView::runnable)
          .counter("ringlet.queue.run", "seconds", QueueView::runSeconds);
    }
  }

  private QueueView queue(int index, String priorityClass) {
    for (TaskQueueStats queue : stats().executors().get(index).taskQueues()) {
      if (queue.priorityClass().name().equals(priorityClass)) {
        return new QueueView(queue.runnable(), queue.runNanos() / NANOS_PER_SECOND);
      }
    }
    return new QueueView(0, 0);
  }

  /** Of a queue that may have been removed. */
  private record QueueView(double runnable, double runSeconds) {}

  /** Meters that read one part of the statistics. */
  private final class Binding<T> {
    private final MeterRegistry registry;
    private final ActorSystem living;
    private final Tags tags;
    private final Function<SystemMetrics, T> part;

    Binding(
        MeterRegistry registry, ActorSystem living, Tags tags, Function<SystemMetrics, T> part) {
      this.registry = registry;
      this.living = living;
      this.tags = tags;
      this.part = part;
    }

    /** What the registry keeps: it must not have the system in it, so not this object either. */
    private ToDoubleFunction<ActorSystem> reading(ToDoubleFunction<T> value) {
      SystemMetrics metrics = SystemMetrics.this;
      Function<SystemMetrics, T> read = part;
      return any -> value.applyAsDouble(read.apply(metrics));
    }

    Binding<T> counter(String name, String unit, ToDoubleFunction<T> value) {
      return add(
          FunctionCounter.builder(name, living, reading(value))
              .tags(tags)
              .baseUnit(unit)
              .register(registry));
    }

    Binding<T> gauge(String name, String unit, ToDoubleFunction<T> value) {
      return add(
          Gauge.builder(name, living, reading(value)).tags(tags).baseUnit(unit).register(registry));
    }

    private Binding<T> add(Meter meter) {
      registered.add(new Registered(registry, meter));
      return this;
    }
  }
}
