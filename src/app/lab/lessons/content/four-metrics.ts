import type { Lesson } from '../types.ts';

export const fourMetrics: Lesson = {
  id: 'four-metrics',
  title: 'Four metrics',
  minutes: 9,
  about:
    'Manhattan, Euclidean, cosine and Hamming answer different questions, and may disagree on what is nearest.',
  steps: [
    {
      title: 'Along the streets, or straight',
      say: [
        'Embeddings are compared by a *metric*: a rule that makes one number, the distance, of two points.',
        '*Euclidean* is the straight way from A to B. *Manhattan* goes along the lines of the grid only, as a taxi does. Move A and B and watch both numbers.',
      ],
      show: { figure: 'two-points', scene: null },
      question: 'Where must B be for both numbers to be the same?',
      choices: [
        'Nowhere: along the streets is always longer.',
        'Straight beside A, or straight above or below it.',
        'Exactly aslant of A, as far across as up.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Try A at (3, 2) and B at (3, 6): both are 4. Where nothing has to be turned, the taxi goes straight, too.',
          'With B at (1, 5) the taxi goes 2 across and 3 up, which makes 5. Straight it is √(2² + 3²) = 3.606. Exactly aslant the taxi loses most. Never is Manhattan the shorter one.',
        ],
      },
    },
    {
      title: 'Only the direction',
      say: [
        '*Cosine* draws an arrow from the origin, the middle of the plane, to each point. It looks only at the angle between the arrows: 0 for the same direction, 1 for a right angle, 2 for opposite ones.',
        'Put A at (3, 2) and B at (1, 5).',
      ],
      question: 'Now A moves to (6, 4), twice as far out. What does the cosine distance do?',
      choices: ['It doubles.', 'It stays as it is.', 'It gets smaller.'],
      answer: 1,
      reveal: {
        say: [
          'Try it. Cosine stays at 0.293, since (6, 4) lies on the same arrow as (3, 2), only farther out.',
          'The other two do change: Euclidean from 3.606 to 5.099, Manhattan from 5 to 6. Length means nothing to cosine; to these two it does.',
        ],
      },
    },
    {
      title: 'Which text is alike?',
      say: [
        'Let x be how often a text says “goal” and y how often it says “team”. A short report has A = (2, 1).',
        'A long report on the same match has (6, 3). A short one on something else has (1, 2).',
      ],
      question: 'Which of the two is nearer to A?',
      choices: [
        'The long report, by every metric.',
        'The other short one, by every metric.',
        'By cosine the long report, by Euclidean and Manhattan the other short one.',
      ],
      answer: 2,
      reveal: {
        say: [
          'Put B at both places. The long report: cosine 0, Euclidean 4.472. The other short one: cosine 0.2, Euclidean 1.414.',
          'No metric is wrong here. Cosine asks: do they speak of the same things in the same shares? The other two ask: do they have the same counts? For texts of different lengths people mostly mean the first. For prices or places they mean the second.',
        ],
      },
    },
    {
      title: 'When all are of one length',
      say: [
        'Many models divide each embedding by its length. Then all points lie on a circle of radius 1, in many dimensions on a sphere.',
        'Put A at (1, 0). On that circle lie (0.8, 0.6) and (0.6, 0.8), too.',
      ],
      question: 'Do Euclidean and cosine still disagree on which of two points is nearer?',
      choices: [
        'Yes: they measure different things.',
        'No: on the circle they always agree on the order.',
        'It depends on the points.',
      ],
      answer: 1,
      reveal: {
        say: [
          'To (0.8, 0.6): cosine 0.2, Euclidean 0.632. To (0.6, 0.8): cosine 0.4, Euclidean 0.894. The square of the Euclidean one is always twice the cosine: 0.4 and 0.8.',
          'The numbers differ, the order is the same. All that Euclidean knew beyond cosine was the length, and that is now 1 for all. Manhattan may still order them otherwise.',
        ],
      },
    },
    {
      title: 'Only the side',
      say: [
        '*Hamming* keeps of each number only a bit: 1 if it is above a threshold, else 0. Here the threshold is 0, so only the side of each axis counts. The distance is how many bits differ.',
        'Leave A at (3, 2) and put B at (0.1, 5). Hamming is 0.',
      ],
      question: 'B moves from (0.1, 5) to (−0.1, 5). What does Hamming do?',
      choices: ['Hardly anything: it was a tiny move.', 'It jumps from 0 to 1.', 'It jumps from 0 to 2.'],
      answer: 1,
      reveal: {
        say: [
          'One bit flips, so Hamming is 1, while Euclidean only goes from 4.173 to 4.314.',
          'And now put B at (7, 7): far away, but on A’s side of both axes, so Hamming is 0. It is blind to all that happens on one side, and jumps where a side changes.',
        ],
      },
    },
    {
      title: 'Letters',
      say: [
        'Hamming also compares words of one length: in how many places do the letters differ? “Saurav” and “Sourav” differ in one place.',
        'Now take “spring” and lose its first letter. To have six places again, a dot is put at the end: “pring·”.',
      ],
      show: { figure: 'strings' },
      question: 'Only one letter was lost. What is the Hamming distance of “spring” and “pring·”?',
      choices: ['1', '2', '6'],
      answer: 2,
      reveal: {
        say: [
          'Press the button “spring / pring·”. All 6 places differ: s is compared with p, p with r, r with i, and so on.',
          'Hamming compares place by place and knows nothing of shifting. That is right for codes and genes that are lined up, and wrong for typing errors, where letters are lost. A metric has no idea what you mean.',
        ],
      },
    },
    {
      title: 'Who is nearest?',
      say: [
        'Here are 24 points. Point 14 is chosen; lines lead to its five nearest by Euclidean.',
        'Choose another metric above the plane and see its shape: a circle, a diamond, a cone, quarters. Beside or below it stand the five nearest of each.',
      ],
      show: { figure: 'neighbors' },
      question: 'The four lists differ. Which one is right?',
      choices: [
        'Euclidean: that is what distance really is.',
        'Cosine: that is what language models use.',
        'The one with the smallest numbers.',
        'None by itself: it depends on what you want to know.',
      ],
      answer: 3,
      reveal: {
        say: [
          'Euclidean and cosine share only 2 of 5, points 10 and 12. By cosine point 23 is among the nearest: far off, but nearly in the same direction.',
          'Hamming has all of its five at distance 0. Which of the tied points comes first is then only their number. Numbers of different metrics cannot be compared either: 0.2 by cosine is not “nearer” than 2 by Manhattan.',
        ],
      },
    },
    {
      title: 'Small and fast',
      say: [
        'A phone shall search ten million embeddings of 64 numbers each. To save room, one keeps a single bit of each number: 64 bits an item, a 32nd of the memory that numbers of 32 bits take.',
        'Now Hamming is the metric that is left.',
      ],
      question: 'How many different distances can two codes of 64 bits have?',
      choices: ['2', '65', '64 × 64', 'As many as there are codes.'],
      answer: 1,
      reveal: {
        say: [
          'From 0 to 64 places can differ: 65 distances for ten million items. Many are tied, so fine differences are lost.',
          'In practice one therefore finds some hundred by Hamming, fast, and orders only these by cosine. With two bits, as on our plane, there were only three distances. With more bits Hamming says more.',
        ],
      },
    },
  ],
  summary: [
    'Euclidean: how far, straight. Manhattan: all differences added up.',
    'Cosine: the same direction? Length does not count; at length 1 it orders as Euclidean does.',
    'Hamming: in how many places do they differ? Small and fast, but coarse.',
    'Which is nearest depends on the metric. Ask first what alike shall mean.',
  ],
  teacher: {
    aim: 'They can say for each of the four metrics which question it answers, name two points on which two metrics disagree, and choose one for a task.',
    before: 'Coordinates in the plane and the theorem of Pythagoras. No trigonometry.',
    course: [
      '0–2 min: steps 1 and 2. Let one student give coordinates and the others foretell the numbers.',
      '2–4 min: step 3. Have both sides argued for before it is revealed: some mean the counts, others the topic.',
      '4–5 min: step 4 may be left out with younger ones. With older ones derive it: ‖a − b‖² = 1 + 1 − 2 a·b.',
      '5–7 min: steps 5 and 6. Two names from the class, one of them misspelled, are better than ours.',
      '7–9 min: steps 7 and 8. “New points” gives another plane: who finds a point on which all four agree?',
    ],
    misconceptions: [
      {
        think: 'Euclidean is the real distance and the others are tricks.',
        help: 'Step 3: by it a report is nearer to one about something else than to a longer one about the same match.',
      },
      {
        think: 'Cosine distance 0 means that two points are the same.',
        help: 'Points (2, 1) and (6, 3): cosine 0, and apart. Only their direction is the same.',
      },
      {
        think: 'A distance of 0.2 is small and one of 5 is large.',
        help: 'Cosine ends at 2, Hamming at the number of places, the others have no end. Compare within one metric only.',
      },
      {
        think: 'Hamming measures how similar two words look.',
        help: 'Step 6: one lost letter gives the largest distance there is. Counting edits (Levenshtein) would give 2: one letter taken away, one dot added.',
      },
    ],
    questions: [
      {
        ask: 'Give two points that are far apart by Euclidean and at distance 0 by cosine.',
        answer: 'Any two on one ray from the origin, such as (1, 1) and (7, 7): Euclidean 8.485, cosine 0.',
      },
      {
        ask: 'A table has a person’s height in meters and income in euros. Why is Euclidean of these rows of no use?',
        answer:
          'Income differs by thousands, height by tenths: income alone decides. Scale both first, so that they spread alike.',
      },
      {
        ask: 'Which metric for two fingerprints stored as 256 bits each?',
        answer: 'Hamming: the number of bits that differ, from 0 to 256.',
      },
      {
        ask: 'Turn the whole plane by 45° about the origin. Which distances stay?',
        answer:
          'Euclidean and cosine. Manhattan changes, as it goes along the axes; Hamming changes where a point comes to another side of an axis.',
      },
    ],
  },
};
