package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Makes Reactive Streams publishers of I/O streams, of single operations and of actors.
 *
 * <p>For Java's own {@link java.util.concurrent.Flow}, and for libraries that speak it, {@link
 * org.reactivestreams.FlowAdapters} turns these publishers, and the subscribers of {@link
 * Subscribers}, into theirs, and theirs into these:
 *
 * <pre>{@code
 * Flow.Publisher<IoBuffer> flow = FlowAdapters.toFlowPublisher(Publishers.from(stream.receive()));
 * Flow.Subscriber<Order> sink = FlowAdapters.toFlowSubscriber(Subscribers.toActor(...));
 * }</pre>
 *
 * <p><b>Thread:</b> any thread, for the publishers and their subscriptions too. {@code onSubscribe}
 * comes on the thread that subscribes, before {@code subscribe} returns, so that whoever has
 * subscribed can cancel. All other signals come from the executor named at creation; they must not
 * block. Only a subscriber that the executor cannot serve any more gets its {@code onError}
 * elsewhere: on the thread that subscribes or the one that ends the system.
 *
 * <p><b>Failure:</b> a subscriber that throws from a signal has cancelled; its exception is logged.
 * If the system is closed, before or while somebody is subscribed, the subscriber gets {@code
 * onError}; so it does if the executor dies of an error of the virtual machine, as of want of
 * memory.
 */
public final class Publishers {
  private Publishers() {}

  /**
   * Publishes the elements of a stream; with default options.
   *
   * @param stream the stream; see {@link #from(IoStream, ActorOptions)}
   * @param <T> the type of the elements
   * @return the publisher
   */
  public static <T> Publisher<T> from(IoStream<T> stream) {
    return from(stream, ActorOptions.defaults());
  }

  /**
   * Publishes the elements of a stream. Each element goes over to the subscriber, which must give
   * it back, also if it throws: close the connection, release the buffer. What arrives after a
   * cancel is given back by the publisher.
   *
   * <p>Nothing is read from the kernel without demand, and with demand for one no more than one
   * piece. With more, io_uring may have read further when it is used up; that waits, and comes
   * first when there is demand again.
   *
   * <p>In a pipeline of Reactor no element is lost that keeps to this:
   *
   * <ul>
   *   <li>A function that gets an element has it to give back, also if it throws. An inner stream
   *       releases its buffer however it ends: {@code flatMap(buffer -> Mono.using(() -> buffer,
   *       ..., IoBuffer::release))}.
   *   <li>What operators drop, because they filter, are cancelled or fail with something in their
   *       queues, goes to two hooks: {@code doOnDiscard} behind them, and {@code
   *       Hooks.onNextDropped} of the process for what comes when all is over.
   *   <li>Operators may lose an element when one thread cancels while another signals: {@code
   *       cancelOn} the executor.
   *   <li>A {@code publishOn} that is cancelled may lose its queue (reactor-core 4396): read the
   *       buffers before it, or move them by {@link Processors#onExecutor}.
   * </ul>
   *
   * <pre>{@code
   * Hooks.onNextDropped(
   *     element -> {
   *       if (element instanceof IoBuffer buffer) {
   *         buffer.release();
   *       }
   *     });
   *
   * Flux.from(Publishers.from(stream.receive()))
   *     .filter(buffer -> buffer.readableBytes() > 4)
   *     .map(Example::decodeAndRelease)
   *     .doOnDiscard(IoBuffer.class, IoBuffer::release) // behind all that has buffers
   *     .cancelOn(Schedulers.fromExecutor(executor))
   *     .publishOn(Schedulers.parallel())
   *     .subscribe(...);
   * }</pre>
   *
   * <p>As the stream allows one subscription at a time, so does the publisher: a second subscriber
   * gets {@code onError} with an {@link IllegalStateException}. After the end or a cancel, as soon
   * as the kernel is done with what was asked of it, the next one may come.
   *
   * @param stream the stream; asked for nothing while the subscriber has no demand
   * @param options how the actor of a subscriber is spawned; its name gets a number for each, and
   *     its supervision does not matter, for there is nothing to go on with after a failure
   * @param <T> the type of the elements
   * @return the publisher
   */
  public static <T> Publisher<T> from(IoStream<T> stream, ActorOptions options) {
    Objects.requireNonNull(options, "options");
    ActorExecutor executor = stream.executor();
    return new ActorPublisher<>(
        executor,
        options.withSupervision(Supervision.stop()),
        Names.of(options, "stream"),
        subscription -> () -> new StreamActor<>(stream, subscription));
  }

  /**
   * Publishes what an actor produces that needs no messages of its own; see the longer form.
   *
   * <pre>{@code
   * final class Range implements Actor<SourceSignal> {
   *   private final Sink<Integer> sink;
   *   private int next;
   *
   *   Range(Sink<Integer> sink) {
   *     this.sink = sink;
   *   }
   *
   *   @Override
   *   public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
   *     while (sink.demand() > 0 && next < 100) {
   *       if (context.needPreempt()) {
   *         context.yield(() -> receive(signal, context));
   *         return;
   *       }
   *       sink.next(next++);
   *     }
   *     if (next == 100) {
   *       sink.complete();
   *     }
   *   }
   * }
   *
   * Publisher<Integer> range = Publishers.of(executor, Range::new, ActorOptions.defaults());
   * }</pre>
   *
   * @param executor where the actors live
   * @param source makes the actor of one subscriber; called on the executor
   * @param options how it is spawned; its name gets a number for each subscriber
   * @param <T> the type of the elements
   * @return the publisher
   */
  public static <T> Publisher<T> of(
      ActorExecutor executor,
      Function<? super Sink<T>, ? extends Actor<SourceSignal>> source,
      ActorOptions options) {
    return of(executor, source, SourceSignal.Requested::new, SourceSignal.Cancelled::new, options);
  }

  /**
   * Publishes what an actor produces. The publisher is cold: each subscriber gets an actor of its
   * own, which is told as a message how much is wanted, and answers through its {@link Sink} in
   * this turn or a later one. Other messages reach it as any actor, through {@code context.self()}.
   *
   * <p>The actor stops after the terminal signal, and after the message that nobody listens any
   * more, which comes when the subscriber cancels, throws, or breaks a rule; an actor that awaits
   * an operation hears of it afterwards. Whatever it holds is given back in {@code postStop}. If it
   * stops without a terminal signal, the subscriber gets {@code onError}: with the failure of the
   * turn that stopped it, or with a {@link dev.ringlet.actor.RingletException} if it was none, such
   * as that of a child, or of a stream whose end it has no message for.
   *
   * <p>When its supervision restarts it, the subscriber notices nothing; the new instance gets the
   * same sink and is told of the demand still open, after the messages that wait already. When its
   * supervision resumes it, the failed message is lost, be it one about demand; {@link
   * Sink#demand()} still knows.
   *
   * @param executor where the actors live
   * @param source makes the actor of one subscriber; called on the executor, again for each restart
   * @param onRequest makes the message that so many more elements may be given, from 1; {@link
   *     Long#MAX_VALUE} means no limit; called on the executor
   * @param onCancel makes the message that nobody listens any more; called on the executor
   * @param options how it is spawned; its name gets a number for each subscriber
   * @param <T> the type of the elements
   * @param <M> the type of messages the actor accepts
   * @return the publisher
   */
  public static <T, M> Publisher<T> of(
      ActorExecutor executor,
      Function<? super Sink<T>, ? extends Actor<M>> source,
      LongFunction<? extends M> onRequest,
      Supplier<? extends M> onCancel,
      ActorOptions options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(onRequest, "onRequest");
    Objects.requireNonNull(onCancel, "onCancel");
    Objects.requireNonNull(options, "options");
    Source<T, M> spec = new Source<>(source, onRequest, onCancel, options.supervision().resumes());
    return new ActorPublisher<>(
        executor,
        options,
        Names.of(options, "source"),
        subscription -> of(spec, subscription, executor));
  }

  /**
   * Publishes the value of one operation; with default options. A value that nobody takes is given
   * back: a buffer is released, a file, socket or pipe closed, a draft dropped. A lock that nobody
   * has waited for stays: for {@code tryLock} give a hook with the longer form.
   *
   * <pre>{@code
   * Mono<IoBuffer> head = Mono.from(Publishers.one(executor, () -> file.read(0, 4096)));
   * }</pre>
   *
   * @param executor the home of the operation
   * @param op makes the operation; see the longer form
   * @param <T> the type of the value
   * @return the publisher
   */
  public static <T> Publisher<T> one(ActorExecutor executor, Supplier<? extends IoOp<T>> op) {
    return one(executor, op, Values::giveBack, ActorOptions.defaults());
  }

  /**
   * Publishes the value of one operation, and completes; an operation without a value only
   * completes. It is made and started when a subscriber asks for the first time, anew for each
   * subscriber. A cancel cancels the operation, if it has not ended.
   *
   * @param executor the home of the operation
   * @param op makes the operation; called on the executor. One that was started already, or is at
   *     home elsewhere, is an {@link IllegalStateException} that the subscriber gets
   * @param discard gives back a value that comes with the cancel and was not given to the
   *     subscriber; called on the executor
   * @param options how the actor of a subscriber is spawned; its name gets a number for each, and
   *     its supervision does not matter
   * @param <T> the type of the value
   * @return the publisher
   */
  public static <T> Publisher<T> one(
      ActorExecutor executor,
      Supplier<? extends IoOp<T>> op,
      Consumer<? super T> discard,
      ActorOptions options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(discard, "discard");
    Objects.requireNonNull(options, "options");
    Discard<T> hook = new Discard<>(discard);
    return new ActorPublisher<>(
        executor,
        options.withSupervision(Supervision.stop()),
        Names.of(options, "one"),
        subscription -> () -> new OpActor<>(op, hook, subscription));
  }

  /**
   * Publishes the value of a stage, and completes; a stage whose value is null only completes. The
   * supplier is called when a subscriber asks for the first time, once for each subscriber. A
   * cancel leaves the stage alone; if several subscribers are given the same one, its value is
   * given back when all of them have cancelled.
   *
   * @param executor where the signals come from, and the supplier is called
   * @param stage gives the stage, which any thread may complete
   * @param options how a value is given back that comes after the cancel, and how the actor of a
   *     subscriber is spawned
   * @param <T> the type of the value
   * @return the publisher
   * @throws IllegalArgumentException if the options are for acknowledged elements or by mailbox
   *     room
   */
  public static <T> Publisher<T> fromStage(
      ActorExecutor executor,
      Supplier<? extends CompletionStage<? extends T>> stage,
      DemandOptions<T> options) {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(executor, "executor");
    Processors.checkBatch(options);
    StageSource<T> source = new StageSource<>(stage, options);
    return new ActorPublisher<>(
        executor,
        options.actor().withSupervision(Supervision.stop()),
        Names.of(options.actor(), "stage"),
        subscription -> () -> source.actorOf(subscription));
  }

  /**
   * Publishes what a state gives step by step; with default options and a state that needs no
   * close, see the longer form.
   *
   * <pre>{@code
   * Publisher<Integer> dice =
   *     Publishers.generate(
   *         executor, SplittableRandom::new, (random, sink) -> sink.next(random.nextInt(1, 7)));
   * }</pre>
   *
   * @param executor where the steps run
   * @param state makes the state of one subscriber
   * @param step gives one element, or ends the stream
   * @param <T> the type of the elements
   * @param <S> the type of the state
   * @return the publisher
   */
  public static <T, S> Publisher<T> generate(
      ActorExecutor executor,
      Supplier<? extends S> state,
      BiConsumer<? super S, ? super Sink<T>> step) {
    return generate(executor, state, step, used -> {}, ActorOptions.defaults());
  }

  /**
   * Publishes what a state gives step by step. The publisher is cold: each subscriber gets a state
   * of its own, which is made when it asks for the first time. While it waits for elements, the
   * step is called for one after the other, and the core is given to others in between when they
   * want it. The end is seen by the step after the last element, which takes demand.
   *
   * <p>Each call of the step gives one element by {@link Sink#next}, or ends the stream by {@link
   * Sink#complete} or {@link Sink#fail}, or does both. Otherwise, and if it gives a second element,
   * the subscriber gets an {@link IllegalStateException}; what the step throws, the subscriber gets
   * as it is. An element that the sink answers false to stays the step's.
   *
   * <pre>{@code
   * Publisher<Row> rows =
   *     Publishers.generate(
   *         executor,
   *         () -> index.scan("orders"),
   *         (scan, sink) -> {
   *           if (scan.advance()) {
   *             sink.next(scan.row());
   *           } else {
   *             sink.complete();
   *           }
   *         },
   *         Scan::close,
   *         ActorOptions.named("rows"));
   * }</pre>
   *
   * @param executor where all of it runs
   * @param state makes the state of one subscriber; called on the executor
   * @param step gives one element, or ends the stream; called on the executor, must not block
   * @param close closes the state; called on the executor, once for each state, however the stream
   *     ends: also by a cancel, a failure and the close of the system. What it throws is logged
   * @param options how the actor of a subscriber is spawned; its name gets a number for each, and
   *     its supervision does not matter
   * @param <T> the type of the elements
   * @param <S> the type of the state
   * @return the publisher
   */
  public static <T, S> Publisher<T> generate(
      ActorExecutor executor,
      Supplier<? extends S> state,
      BiConsumer<? super S, ? super Sink<T>> step,
      Consumer<? super S> close,
      ActorOptions options) {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(close, "close");
    return generate(executor, "generate", new Generator<>(state, step, close), options);
  }

  /**
   * Publishes what a seed unfolds to; with default options, and elements that need not be given
   * back. See the longer form.
   *
   * <pre>{@code
   * Publisher<Long> powers =
   *     Publishers.unfold(executor, 1L, n -> n < 1_000 ? new Unfolded<>(n, 2 * n) : null);
   * }</pre>
   *
   * @param executor where the function is called
   * @param seed the first state, of all subscribers
   * @param function gives the next element and state, or null at the end
   * @param <T> the type of the elements
   * @param <S> the type of the states
   * @return the publisher
   */
  public static <T, S> Publisher<T> unfold(
      ActorExecutor executor, S seed, Function<? super S, @Nullable Unfolded<T, S>> function) {
    return unfold(executor, seed, function, element -> {}, ActorOptions.defaults());
  }

  /**
   * Publishes what a seed unfolds to: the function makes of a state the next element and the next
   * state, one after the other while the subscriber waits for elements. The publisher is cold: for
   * each subscriber it begins with the seed, so states should be immutable; one that has to be
   * closed is for {@link #generate}. What the function throws, the subscriber gets as it is.
   *
   * @param executor where the function is called
   * @param seed the first state, of all subscribers
   * @param function gives the next element and state, or null at the end; must not block
   * @param discard gives back an element that was made while the subscriber cancelled; called on
   *     the executor
   * @param options how the actor of a subscriber is spawned; its name gets a number for each, and
   *     its supervision does not matter
   * @param <T> the type of the elements
   * @param <S> the type of the states
   * @return the publisher
   */
  public static <T, S> Publisher<T> unfold(
      ActorExecutor executor,
      S seed,
      Function<? super S, @Nullable Unfolded<T, S>> function,
      Consumer<? super T> discard,
      ActorOptions options) {
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(discard, "discard");
    Discard<T> hook = new Discard<>(discard);
    return generate(
        executor,
        "unfold",
        new Generator<T, Unfolding<T, S>>(
            () -> new Unfolding<>(seed, function, hook), Unfolding::step, used -> {}),
        options);
  }

  private static <T, S> Publisher<T> generate(
      ActorExecutor executor, String name, Generator<T, S> generator, ActorOptions options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(options, "options");
    return new ActorPublisher<>(
        executor,
        options.withSupervision(Supervision.stop()),
        Names.of(options, name),
        subscription -> () -> new GenerateActor<>(generator, subscription, executor));
  }

  /**
   * Makes a hot publisher for one subscriber that any thread pushes elements into, up to a bound.
   *
   * <pre>{@code
   * PushPublisher<Tick> ticks =
   *     Publishers.push(
   *         executor,
   *         PushOptions.<Tick>bounded(256).withOverflow(PushOptions.Overflow.DROP_OLDEST));
   * feed.onTick(ticks::offer);
   * ticks.whenOver().thenRun(feed::close);
   * ticks.subscribe(subscriber);
   * }</pre>
   *
   * @param executor where the subscriber is served
   * @param options how many elements wait, what becomes of one more, how those are given back that
   *     do not reach the subscriber, and how the actors are spawned
   * @param <T> the type of the elements
   * @return the publisher; closed, with an {@code onError} for its subscriber, if the system is
   */
  public static <T> PushPublisher<T> push(ActorExecutor executor, PushOptions<T> options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(options, "options");
    PushSource<T> source = new PushSource<>(executor, options);
    PushKeeper.spawn(source, executor, options.actor());
    return source;
  }

  /** The sink is made once, the actor again with each restart. */
  private static <T, M> Supplier<SourceActor<T, M>> of(
      Source<T, M> source, ActorSubscription<T> subscription, ActorExecutor executor) {
    SourceSink<T> sink = new SourceSink<>(subscription, executor);
    return () -> new SourceActor<>(source, sink, subscription);
  }
}
