"""Names by strokes (姓氏笔画), as lists of candidates are sorted in China."""
