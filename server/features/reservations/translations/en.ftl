# What nobody may have twice at a time.
error-taken = Something that is needed for this time is already reserved ({ $number }).
    .title = Already taken
    .advice = Choose one of the free times nearby.
