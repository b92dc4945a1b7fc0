package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;

/**
 * Stages between a publisher and a subscriber that run on a core.
 *
 * <p><b>Thread:</b> any thread, for the publishers and their subscriptions too. The upstream may
 * signal on any thread; it is subscribed to, asked and cancelled on the executor, so what it does
 * within these calls runs there and must not block. All signals to the subscriber but {@code
 * onSubscribe} come from the executor, as with {@link Publishers}.
 */
public final class Processors {
  private Processors() {}

  /**
   * Moves the signals of an upstream onto a core, in their order. Each subscriber is a subscriber
   * of the upstream of its own.
   *
   * <p>The upstream is asked for a batch when the subscriber asks for the first time, and from then
   * on ahead of it, as the options say. The priority class of the actor options is the one that the
   * subscriber's time is charged to. An upstream that gives more than it was asked for, or throws,
   * is cancelled, and the subscriber gets {@code onError}.
   *
   * <p>A publisher of this library that gives its signals on that executor already, in that class,
   * is given back as it is: nothing has to be moved, so no actor is spawned, and nothing is asked
   * for ahead.
   *
   * <pre>{@code
   * Flux.from(Processors.onExecutor(events, executor, DemandOptions.batch(256)))
   * }</pre>
   *
   * @param upstream where the elements come from
   * @param executor the core to go on with
   * @param options how many elements are asked for ahead, how those are given back that wait when
   *     the subscriber cancels, and how the actor of a subscriber is spawned
   * @param <T> the type of the elements
   * @return the publisher
   * @throws IllegalArgumentException if the options are for acknowledged elements or by mailbox
   *     room
   */
  public static <T> Publisher<T> onExecutor(
      Publisher<? extends T> upstream, ActorExecutor executor, DemandOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    checkBatch(options);
    if (upstream instanceof ActorPublisher<? extends T> ours
        && ours.isOn(executor, options.actor())) {
      @SuppressWarnings("unchecked") // whoever takes elements of T takes those of what extends it
      Publisher<T> there = (Publisher<T>) ours;
      return there;
    }
    return new ActorPublisher<>(
        executor,
        options.actor().withSupervision(Supervision.stop()),
        Names.of(options.actor(), "transfer"),
        subscription -> () -> new TransferActor<>(upstream, options, subscription));
  }

  /**
   * Has an actor work on the elements: asks it about each, several at a time, and publishes the
   * replies. Each subscriber is a subscriber of the upstream of its own.
   *
   * <p>A question that fails, because no reply came in time or the actor has stopped, cancels the
   * upstream, and the subscriber gets its failure; a failure of the upstream itself comes behind
   * the replies. What the subscriber does not take is given back: elements that were not asked
   * about by the hook of the demand options, replies by the hook of the ask options. From the
   * question on the element is the asked actor's, also when the answer is a failure.
   *
   * <pre>{@code
   * Publisher<Price> prices =
   *     Processors.askEach(
   *         orders,
   *         executor,
   *         pricing,
   *         Pricing.Ask::new, // (order, replyTo) -> message
   *         AskOptions.ordered(16, Duration.ofSeconds(1)),
   *         DemandOptions.batch(32));
   * }</pre>
   *
   * @param upstream where the elements come from
   * @param executor where the questions are asked and the signals come from; best the asked actor's
   * @param actor whom to ask
   * @param message makes the question from the element and the address to reply to; called on the
   *     executor. If it throws, the element is given back and the stream fails
   * @param ask how many questions at a time, in which order, and how long
   * @param options how many elements are asked for ahead, how they are given back, and how the
   *     actor of a subscriber is spawned. After a cancel that actor lives until the open questions
   *     are answered
   * @param <T> the type of the elements
   * @param <M> the type of messages the asked actor accepts
   * @param <R> the type of the replies
   * @return the publisher
   * @throws IllegalArgumentException if the demand options are for acknowledged elements or by
   *     mailbox room
   */
  public static <T, M, R> Publisher<R> askEach(
      Publisher<? extends T> upstream,
      ActorExecutor executor,
      ActorRef<M> actor,
      BiFunction<? super T, ? super ActorRef<R>, ? extends M> message,
      AskOptions<R> ask,
      DemandOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(ask, "ask");
    checkBatch(options);
    AskEach<T, M, R> spec = new AskEach<>(actor, message, ask);
    return new ActorPublisher<>(
        executor,
        options.actor().withSupervision(Supervision.stop()),
        Names.of(options.actor(), "ask"),
        subscription -> () -> new AskActor<>(upstream, spec, options, subscription));
  }

  /**
   * Has an actor transform a stream that needs no messages of its own; see the longer form.
   *
   * <pre>{@code
   * final class Words implements Actor<ThroughSignal<String>> {
   *   private final Sink<String> sink;
   *   private final Queue<StreamSignal.Element<String>> lines = new ArrayDeque<>();
   *   private final Queue<String> words = new ArrayDeque<>();
   *   private boolean completed;
   *
   *   Words(Sink<String> sink) {
   *     this.sink = sink;
   *   }
   *
   *   @Override
   *   public void receive(ThroughSignal<String> signal, ActorContext<ThroughSignal<String>> context) {
   *     if (signal instanceof StreamSignal.Element<String> line) {
   *       lines.add(line);
   *     } else if (signal instanceof StreamSignal.Completed<String>) {
   *       completed = true;
   *     }
   *     while (sink.demand() > 0 && !(words.isEmpty() && lines.isEmpty())) {
   *       if (words.isEmpty()) {
   *         words.addAll(List.of(lines.remove().take().split(" ")));
   *       } else {
   *         sink.next(words.remove());
   *       }
   *     }
   *     if (completed && words.isEmpty() && lines.isEmpty()) {
   *       sink.complete();
   *     }
   *   }
   * }
   *
   * Publisher<String> words =
   *     Processors.throughActor(lines, executor, Words::new, DemandOptions.batch(16));
   * }</pre>
   *
   * @param upstream where the elements come from
   * @param executor where the actors live
   * @param actor makes the actor of one subscriber; called on the executor
   * @param options how elements are asked for and given back, and how the actor is spawned
   * @param <T> the type of the upstream's elements
   * @param <R> the type of the elements that the actor gives
   * @return the publisher
   * @throws IllegalArgumentException if the options are by mailbox room: elements come to this
   *     actor one in each turn, and not through its mailbox
   */
  public static <T, R> Publisher<R> throughActor(
      Publisher<? extends T> upstream,
      ActorExecutor executor,
      Function<? super Sink<R>, ? extends Actor<ThroughSignal<T>>> actor,
      DemandOptions<T> options) {
    return throughActor(upstream, executor, actor, signal -> signal, options);
  }

  /**
   * Has an actor transform a stream: it gets the signals of the upstream as messages, and answers
   * each element with none, one or many through its {@link Sink}, in this turn or a later one. Each
   * subscriber has an actor of its own, which is a subscriber of the upstream of its own.
   *
   * <p><b>Demand.</b> The actor is told what the subscriber wants, as with {@link Publishers#of(
   * ActorExecutor, Function, ActorOptions)}. The upstream is asked for nothing before the
   * subscriber has asked for the first time; then it is asked ahead, and again as the actor takes
   * elements, or acknowledges them, as the options say. So while {@link Sink#demand} is zero the
   * actor holds the upstream up: it keeps an {@link StreamSignal.Element} without taking it, or
   * stashes its message, or with {@linkplain DemandOptions#acknowledged acknowledged} elements
   * takes it and acknowledges it when its answers were given.
   *
   * <p><b>End.</b> The end of the upstream comes as a message behind the last element. When it has
   * {@link StreamSignal.Completed}, the actor gives what it still has, as soon as that is wanted,
   * and then completes its sink; nobody does that for it. {@link StreamSignal.Failed} may be left
   * unheard: when the turn that handles it has ended, with all that it has awaited, the subscriber
   * gets that failure, unless the actor has ended the sink itself. An actor that ends its sink
   * before cancels the upstream.
   *
   * <p>When the subscriber cancels, the upstream is cancelled, then the actor is told and stops; an
   * actor that awaits an operation, or the pause before its restart, holds that up. If the actor
   * stops by itself or by a failure, the upstream is cancelled and the subscriber gets {@code
   * onError}, as with a source. In all these cases the elements that it has not taken are given
   * back by the discard hook.
   *
   * <p><b>Failure.</b> A turn that fails under a supervision that lets the actor go on loses its
   * element and not its place: it is given back, if it was not taken, and counts as acknowledged. A
   * restart does so with all elements that the failed instance had, but for those that it has
   * stashed: these come to the new one, which is also told of the demand still open, and again of
   * the end, if the upstream has completed. If it is the turn about the end that fails, the
   * subscriber gets that failure.
   *
   * @param upstream where the elements come from; an upstream that throws, or gives more than it
   *     was asked for, has failed
   * @param executor where the actors live
   * @param actor makes the actor of one subscriber; called on the executor, again for each restart
   * @param adapter makes the message of a signal, of the upstream's and of the subscriber's; called
   *     in a turn of the actor, and its failure is the actor's
   * @param options how elements are asked for and given back, and how the actor is spawned: its
   *     name, which gets a number for each, priority class, supervision and stash
   * @param <T> the type of the upstream's elements
   * @param <M> the type of messages the actor accepts
   * @param <R> the type of the elements that the actor gives
   * @return the publisher
   * @throws IllegalArgumentException if the options are by mailbox room: elements come to this
   *     actor one in each turn, and not through its mailbox
   */
  public static <T, M, R> Publisher<R> throughActor(
      Publisher<? extends T> upstream,
      ActorExecutor executor,
      Function<? super Sink<R>, ? extends Actor<M>> actor,
      Function<? super ThroughSignal<T>, ? extends M> adapter,
      DemandOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(adapter, "adapter");
    checkNoMailbox(options);
    ActorOptions spawned = options.actor();
    Source<R, M> source =
        new Source<>(
            actor,
            count -> adapter.apply(new ThroughSignal.Requested<>(count)),
            () -> adapter.apply(new ThroughSignal.Cancelled<>()),
            spawned.supervision().resumes());
    return new ActorPublisher<>(
        executor,
        spawned,
        Names.of(spawned, "through"),
        subscription ->
            ThroughActor.instances(upstream, executor, source, adapter, options, subscription));
  }

  /**
   * Gives the elements of one upstream to several subscribers: it is subscribed once, and whoever
   * is there when an element comes gets it, from the executor. A subscriber is there when {@code
   * subscribe} has returned. What it has missed it does not get, but for what the options have
   * replayed.
   *
   * <p>A subscriber that cancels or throws leaves, and the others notice nothing. When the upstream
   * ends, each subscriber gets its end behind the elements that it has not taken; those who come
   * afterwards get what is replayed and the end. An upstream that gives more than it was asked for,
   * or throws, is cancelled, and the subscribers get {@code onError}.
   *
   * <pre>{@code
   * Multicast<Price> prices =
   *     Processors.multicast(feed, executor, MulticastOptions.<Price>dropping(64).withReplay(1));
   * prices.subscribe(screen);
   * prices.subscribe(log);
   * }</pre>
   *
   * @param upstream where the elements come from; subscribed anew only after the last subscriber
   *     has left and it was cancelled
   * @param executor where the signals come from
   * @param options who waits for whom, when the upstream is subscribed and cancelled, and how
   *     elements are shared and given back
   * @param <T> the type of the elements
   * @return the publisher
   */
  public static <T> Multicast<T> multicast(
      Publisher<? extends T> upstream, ActorExecutor executor, MulticastOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(options, "options");
    MulticastPublisher<T> multicast = new MulticastPublisher<>(upstream, executor, options);
    if (options.connectAt() == 0) {
      multicast.connect();
    }
    return multicast;
  }

  static void checkBatch(DemandOptions<?> options) {
    if (options.isAcknowledged()) {
      throw new IllegalArgumentException(
          "options: acknowledged; nobody acknowledges here, use DemandOptions.batch(size)");
    }
    checkNoMailbox(options);
  }

  private static void checkNoMailbox(DemandOptions<?> options) {
    if (options.isMailboxRoom()) {
      throw new IllegalArgumentException(
          "options: mailboxRoom; the elements go through no mailbox here, use"
              + " DemandOptions.batch(size)");
    }
  }
}
