package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Mailbox.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Back pressure by the room in an actor's mailbox. */
final class MailboxRoomTest extends SystemTest {
  private static final int CAPACITY = 4;
  private static final int AHEAD = 3;

  /** With the message that the actor has in its turn. */
  private static final int UNHANDLED = 1 + CAPACITY + AHEAD;

  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  private final Paced paced = new Paced();

  /** Asks for each element that has gone into the mailbox. */
  private final DemandOptions<Integer> options =
      DemandOptions.<Integer>mailboxRoom(AHEAD).withLowWater(AHEAD - 1).withDiscard(givenBack::add);

  private int sent;

  @ParameterizedTest
  @EnumSource(names = {"REJECT", "FAIL"})
  void upstreamIsAskedForWhatTheMailboxHasRoomFor(Overflow overflow) {
    upstream.subscribe(toActor(spawn(overflow)));
    for (int handled = 0; handled < 10; handled++) {
      sendUpTo(handled + UNHANDLED);
      assertEquals(handled + UNHANDLED, upstream.requested.get());
      paced.turns.release();
      paced.awaitHandled(handled + 1);
    }
    sendUpTo(10 + UNHANDLED);
    upstream.complete();
    paced.turns.release(2 * UNHANDLED);
    List<Object> expected = new ArrayList<>(IntStream.range(0, sent).boxed().toList());
    expected.add(new StreamSignal.Completed<>());
    paced.awaitHandled(expected.size());
    assertEquals(expected, paced.handled);
    assertEquals(List.of(), givenBack);
  }

  /** It is found without an element that is taken. */
  @Test
  void roomThatOtherMessagesLeaveIsUsed() {
    ActorRef<Object> actor = spawn(Overflow.REJECT);
    List<Object> expected = new ArrayList<>();
    for (int other = 0; other <= CAPACITY; other++) {
      // The first goes into the turn, and its place is free again.
      TestSystem.awaitUntil(() -> actor.tryTell("other"));
      expected.add("other");
    }
    upstream.subscribe(toActor(actor));
    sendUpTo(AHEAD);
    system.awaitTurn();
    assertEquals(AHEAD, upstream.requested.get());
    paced.turns.release();
    upstream.awaitRequested(AHEAD + 1);
    paced.turns.release(CAPACITY + AHEAD + 1);
    upstream.complete();
    IntStream.range(0, AHEAD).forEach(expected::add);
    expected.add(new StreamSignal.Completed<>());
    paced.awaitHandled(expected.size());
    assertEquals(expected, paced.handled);
  }

  /** With one place, and a pause for each of them, this would take many times as long. */
  @Test
  void placeThatIsFreeIsUsedAtOnce() {
    int count = 25_000;
    Reader<Integer> reader = new Reader<>();
    ActorRef<Reader.Arrived<Integer>> actor =
        system.spawnForTest(() -> reader, bounded(1, Overflow.REJECT));
    Flux.range(0, count)
        .publishOn(Schedulers.single())
        .subscribe(
            Subscribers.toActor(
                system.executor(),
                actor,
                Reader.Arrived::new,
                DemandOptions.<Integer>mailboxRoom(16)));
    reader.awaitCompletion();
    assertEquals(IntStream.range(0, count).boxed().toList(), reader.elements);
  }

  @Test
  void stopOfTheActorCancelsAndGivesBackWhatItHasNotTaken() {
    ActorRef<Object> actor = spawn(Overflow.REJECT);
    upstream.subscribe(toActor(actor));
    paced.turns.release(2);
    sendUpTo(2 + UNHANDLED);
    paced.awaitHandled(2);
    system.system().stop(actor);
    upstream.awaitCancel();
    system.awaitQuiescence();
    upstream.send(sent);
    assertEquals(List.of(0, 1), paced.handled);
    assertEquals(
        IntStream.rangeClosed(2, sent).boxed().toList(), givenBack.stream().sorted().toList());
    assertEquals(1, upstream.cancels.get());
  }

  /** Three wait for room; the others were sent. */
  @Test
  void cancelGivesBackWhatTheMailboxHasNotTaken() {
    ActorSubscriber<Integer> subscriber = toActor(spawn(Overflow.REJECT));
    upstream.subscribe(subscriber);
    sendUpTo(UNHANDLED);
    subscriber.cancel();
    upstream.awaitCancel();
    TestSystem.awaitUntil(() -> givenBack.size() == AHEAD);
    paced.turns.release(UNHANDLED);
    paced.awaitHandled(UNHANDLED - AHEAD);
    // The actor and nobody else.
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
    assertEquals(IntStream.range(0, UNHANDLED - AHEAD).boxed().toList(), paced.handled);
    assertEquals(UNHANDLED, upstream.requested.get());
  }

  @Test
  void failureArrivesBehindTheElements() {
    upstream.subscribe(toActor(spawn(Overflow.REJECT)));
    sendUpTo(UNHANDLED);
    RuntimeException failure = new RuntimeException("made by the test");
    upstream.fail(failure);
    paced.turns.release(UNHANDLED + 1);
    paced.awaitHandled(UNHANDLED + 1);
    assertEquals(new StreamSignal.Failed<Integer>(failure), paced.handled.get(UNHANDLED));
  }

  @Test
  void mailboxesThatRefuseNothingAreRefused() {
    for (Mailbox mailbox :
        List.of(
            Mailbox.unbounded(),
            Mailbox.bounded(CAPACITY, Overflow.DROP_NEWEST),
            Mailbox.bounded(CAPACITY, Overflow.DROP_OLDEST),
            Mailbox.priority(Comparator.comparing(Object::toString)),
            Mailbox.conflating(message -> message))) {
      ActorRef<Object> actor =
          system.spawnForTest(() -> paced, ActorOptions.defaults().withMailbox(mailbox));
      refuses(() -> toActor(actor), actor.path());
    }
  }

  @Test
  void adapterHasTheRoomOfItsActor() {
    AtomicReference<ActorRef<Object>> adapter = new AtomicReference<>();
    Paced adapted =
        new Paced() {
          @Override
          public void preStart(ActorContext<Object> context) {
            adapter.set(context.adapt(Object.class, message -> message));
          }
        };
    system.spawnForTest(() -> adapted, bounded(CAPACITY, Overflow.REJECT));
    TestSystem.awaitUntil(() -> adapter.get() != null);
    upstream.subscribe(toActor(adapter.get()));
    sendUpTo(UNHANDLED);
    adapted.turns.release(1);
    sendUpTo(UNHANDLED + 1);
    assertEquals(UNHANDLED + 1, upstream.requested.get());
  }

  @Test
  void stagesHaveNoMailbox() {
    ActorRef<Squares.Ask> squares = system.spawnForTest(Squares::new);
    refuses(() -> Processors.onExecutor(upstream, system.executor(), options), "mailbox");
    refuses(
        () ->
            Processors.askEach(
                upstream,
                system.executor(),
                squares,
                Squares.Ask::new,
                AskOptions.<Integer>ordered(1, Duration.ofMinutes(1)),
                options),
        "mailbox");
    refuses(
        () -> Processors.throughActor(upstream, system.executor(), Passing<Integer>::new, options),
        "mailbox");
    refuses(
        () ->
            Publishers.fromStage(
                system.executor(), () -> CompletableFuture.completedFuture(1), options),
        "mailbox");
  }

  private static void refuses(Executable call, String told) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith("options: mailboxRoom; "), message);
    assertTrue(message.contains(told), message);
  }

  /** Sends each element when it was asked for. */
  private void sendUpTo(int count) {
    upstream.sendAsAsked(sent, count, number -> number);
    sent = count;
  }

  private ActorRef<Object> spawn(Overflow overflow) {
    return system.spawnForTest(() -> paced, bounded(CAPACITY, overflow));
  }

  private static ActorOptions bounded(int capacity, Overflow overflow) {
    return ActorOptions.defaults().withMailbox(Mailbox.bounded(capacity, overflow));
  }

  private ActorSubscriber<Integer> toActor(ActorRef<Object> actor) {
    return Subscribers.toActor(system.executor(), actor, signal -> signal, options);
  }

  /** Has each message in its turn until the test lets it go on. */
  private static class Paced implements Actor<Object> {
    private static final Duration PAUSE = Duration.ofMillis(1);

    final Semaphore turns = new Semaphore(0);

    /** Elements as they were, all else as it came. */
    final List<Object> handled = new CopyOnWriteArrayList<>();

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (turns.tryAcquire()) {
        handled.add(message instanceof StreamSignal.Element<?> element ? element.take() : message);
      } else {
        context.await(context.io().delay(PAUSE), (none, failure) -> receive(message, context));
      }
    }

    void awaitHandled(int count) {
      TestSystem.awaitUntil(() -> handled.size() >= count);
    }
  }
}
